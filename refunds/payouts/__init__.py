"""Pay refunds: worker, gateways, provider notices, and the manual actions of finance."""
