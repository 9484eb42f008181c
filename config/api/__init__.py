"""Public API under ``/api/v1/``: routes, errors and access."""
