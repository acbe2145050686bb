"""The dbt project as seen from Python: its manifest, the warm in-process runner, and the choice of what to rebuild."""
