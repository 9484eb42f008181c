"""The public API under ``/api/v1/``: its routes, errors and who may call them."""
