"""Import of orders from files: bytes to rows, rows to parsed orders, orders to database tables, and import jobs."""
