"""From rows to parsed orders: one module for each shop's export."""
