"""What a plan gives back: quote, breakdown, versions, rules, and the quotes API."""
