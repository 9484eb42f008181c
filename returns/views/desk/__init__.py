"""The desk's pages of this floor."""
