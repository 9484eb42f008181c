"""Files of orders in the desk, from choosing them to the report."""
