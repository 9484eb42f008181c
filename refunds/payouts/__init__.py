"""Pay refunds: worker, gateways, provider notices, and what finance does by hand."""
