"""The evidence viewer: the shopper's pictures and the bench's, large and side by side."""
