"""The question after a case is resolved, and its answers."""
