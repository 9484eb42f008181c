"""From parsed orders to tables: pricing, checks, insert, update."""
