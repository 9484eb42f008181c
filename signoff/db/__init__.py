"""Database plumbing: history rows, compiled queries, search, counts, COPY, triggers."""
