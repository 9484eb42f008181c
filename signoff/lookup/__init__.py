"""How a shopper finds an order: number and e-mail, then a code or a link."""
