"""The agents' queue: filters, rows, tabs, counts."""
