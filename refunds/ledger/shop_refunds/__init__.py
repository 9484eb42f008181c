"""Refunds that the shop made by itself: compared with ours in pure rules, and counted against what was paid."""
