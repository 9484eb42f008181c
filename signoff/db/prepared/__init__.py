"""Compiled SQL of querysets, sent as server-side prepared statements."""
