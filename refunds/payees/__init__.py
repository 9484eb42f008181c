"""The payee of a bank transfer: asked of the shopper, checked, masked, revealed to finance with a record."""
