"""Who may do what in the house, said once in a table, and what it takes to ask the house itself."""
