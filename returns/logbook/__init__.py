"""The logbook: what happened in a case, and the verification that nobody edited it."""
