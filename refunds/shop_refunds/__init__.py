"""Refunds that the shop made by itself: compared with ours, counted against what was paid, decided by people."""
