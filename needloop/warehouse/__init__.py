"""The warehouse file: how it is opened and which tables the pipeline itself (not dbt) keeps in it."""
