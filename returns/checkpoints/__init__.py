"""Signed checkpoints: what the chains of a book were, kept outside the database."""
