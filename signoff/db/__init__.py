"""Plumbing of the database: knows no goods."""
