"""A plain Django app, as one would write it without history: a fixture of the benchmark over HTTP, nothing more."""
