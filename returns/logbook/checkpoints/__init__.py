"""Signed checkpoints of hash chains, kept outside the database."""
