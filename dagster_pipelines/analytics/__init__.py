"""Statistics that are not SQL: each module estimates from tables of dbt and gives a table back.

No module here decides what counts; that stands in the models. What is estimated is written to the schema `analytics`,
from which dbt's marts select.
"""
