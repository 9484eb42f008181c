"""Audit: checks that the ledger agrees with itself, the logbook and the checkpoints."""
