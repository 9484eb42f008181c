"""Database tools without models of their own: history, COPY, search, counts, hashes, prepared statements."""
