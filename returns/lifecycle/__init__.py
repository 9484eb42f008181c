"""States and transitions of a case, and the diagram of them."""
