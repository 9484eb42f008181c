"""Parcels: contents, progress, exceptions, watches, and their texts for shoppers."""
