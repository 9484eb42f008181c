"""The deeds of the lowest floor, one verb per function."""
