"""Uploaded pictures: decoded and re-encoded in a sandbox, stored, and served.

``sandbox`` is the process that decodes, ``clean`` calls it, ``store`` stores the result as a ``models.Picture``,
``fields`` is the form field, ``serve`` the response. ``dhash``, ``metadata`` and ``filenames`` are helpers. Nothing is
imported here: the sandbox must start without Django.
"""
