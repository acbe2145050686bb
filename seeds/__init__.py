"""Data shipped with the project: dbt's reference seeds and the sample bank generator."""
