"""Exports of the desk's lists: what a page shows, with its filters and its order, as CSV or XLSX."""
