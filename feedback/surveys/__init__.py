"""Surveys after a case is resolved, and their answers."""
