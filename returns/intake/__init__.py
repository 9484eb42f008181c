"""How a case begins: the shopper's three steps, or by itself from a delivery."""
