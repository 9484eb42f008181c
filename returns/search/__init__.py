"""One search for cases, orders, people and parcels."""
