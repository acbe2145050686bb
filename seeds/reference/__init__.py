"""Reference data that dbt loads as seeds: one CSV per table, which a bank changes without touching a model."""
