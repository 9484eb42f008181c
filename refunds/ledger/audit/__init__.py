"""Proof that the ledger agrees with itself, its logbook and its checkpoints."""
