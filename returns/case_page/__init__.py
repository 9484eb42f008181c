"""The case page of the desk: everything known about a case, and its steps."""
