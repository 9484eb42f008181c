"""Conditions for any queryset that Django has no lookup for."""
