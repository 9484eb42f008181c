"""Pictures that people hand in, from quarantine to the page.

``worker`` decodes and draws anew in a process of its own, ``cleaning`` runs it, ``models.Picture`` keeps the
result, ``fields`` is the form's side, ``serving`` the way out. Nothing is imported here: the worker must
start without Django.
"""
