"""Plans and counter-offers: written on the desk, answered by the shopper."""
