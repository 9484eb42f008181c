"""Bulk steps: one action on many rows of a list, each row by itself."""
