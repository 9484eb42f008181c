"""The shopper's pages of a case."""
