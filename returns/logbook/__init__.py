"""The logbook: what happened in a case, and the proof that nobody edited it."""
