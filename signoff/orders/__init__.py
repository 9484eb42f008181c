"""Orders: the desk's pages, prefetches, cost breakdown and anomalies."""
