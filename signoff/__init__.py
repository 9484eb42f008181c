"""Goods handed over: customers, orders, parcels, tracking, sign-off. It is the lowest layer of the apps.

So what all apps share is here too: ``web``, ``db``, ``pictures``, ``api``, ``money`` and ``jobs`` know no goods.
"""
