"""Demo data of two shops, its loader, and pages that exist only in the demo: mail box, style guide."""
