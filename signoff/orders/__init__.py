"""Orders as the desk sees them, with what they cost and what is odd about them."""
