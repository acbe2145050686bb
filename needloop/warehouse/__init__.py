"""The warehouse file: how to open it, and the tables that the pipeline itself (not dbt) maintains in it."""
