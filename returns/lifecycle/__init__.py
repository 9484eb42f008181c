"""The life of a case: its states, and the picture of them."""
