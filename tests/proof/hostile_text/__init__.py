"""Hostile text as people type it, and checks that it stayed what they typed."""
