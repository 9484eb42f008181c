"""Saved views of the desk's lists, of a person or a team."""
