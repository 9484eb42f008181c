"""Paying a refund exactly once: claim, call the gateway, settle."""
