"""Order look-up by shoppers: number and e-mail, then a code or a link."""
