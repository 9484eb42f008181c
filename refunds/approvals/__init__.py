"""Approval of plans: who is asked, tier by tier, and their answers."""
