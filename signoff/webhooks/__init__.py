"""Events for other systems, written with the change that they report."""
