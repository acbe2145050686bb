"""Reference data that dbt loads as seeds: one CSV a table, changed by a bank without touching a model."""
