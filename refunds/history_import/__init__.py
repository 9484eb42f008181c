"""Returns of past years, replayed as cases."""
