"""The logbook: append-only, hash-chained entries of a case, its timeline and its proof."""
