"""Parcels: contents, progress, exceptions, and what shoppers hear of them."""
