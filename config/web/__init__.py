"""Middleware, sign-in, navigation, static files and pages that belong to no single app."""
