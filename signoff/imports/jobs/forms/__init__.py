"""Forms of the import pages."""
