"""Ways of payment: by which way a refund goes back to a payment, in rules and in words. Everybody reads it here."""
