"""Orders from files: bytes to rows, rows to orders, orders to tables, and the jobs that run it."""
