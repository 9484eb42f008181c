"""API plumbing: bearer tokens, idempotency keys, JSON bodies, errors."""
