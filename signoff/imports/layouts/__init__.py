"""From rows to orders: the columns of a format, and rows of one order brought together."""
