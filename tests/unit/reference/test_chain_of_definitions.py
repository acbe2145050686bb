"""No number is shown that the one definition does not have: dashboard → chart → dataset → model → definition.

Everything is read from the project's files; the charts' own queries are put to empty tables that have the columns of the
models' contracts, so that a chart which asks for a column or table that is not published fails here.
"""
