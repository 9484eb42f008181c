"""Pages of scorecards and of violations."""
