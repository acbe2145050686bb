"""The quality checks on small real warehouses, made by hand."""
