"""Tracking: webhooks and polling of tracking services, and applying their updates to parcels."""
