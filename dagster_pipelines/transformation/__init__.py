"""The dbt project as seen from Python: its manifest, the warm in-process runner, and what to rebuild."""
