"""What only the demo has: its mail box, its style guide, its shop."""
