"""Imports as jobs of the desk: upload, preview, confirm, run, report."""
