"""Customers, orders, parcels, tracking and sign-offs: the lowest app.

Packages that all apps share are here too: ``web``, ``db``, ``pictures``, ``api``, ``money`` and ``jobs``; they import
no models of orders or parcels.
"""
