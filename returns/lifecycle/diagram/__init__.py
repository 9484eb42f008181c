"""The life of a case as a picture: states on a grid, drawn from ``states.py`` and the transitions of ``Case``.

No state has coordinates: ``grid`` finds a cell for each, ``routes`` a way for each step, ``layout`` turns both into
points, ``drawing`` into what SVG attributes need.
"""
