"""Carrying out an approved plan: refunds, shipments, and the end of a case."""
