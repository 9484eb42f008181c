"""Paying refunds back."""
