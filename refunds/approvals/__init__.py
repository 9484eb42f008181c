"""Approval of plans: how many people must approve, and their answers."""
