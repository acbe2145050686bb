"""Statistics beyond SQL: each module reads dbt tables, estimates, and returns a table.

Models define what counts; no module here does. Estimates are written to the schema `analytics`, which the marts read.
"""
