"""News from tracking services: received, polled, applied to parcels."""
