"""Pricing of plans: quote, breakdown, versions, rules, and the quotes API."""
