"""What management sees: the Superset dashboards and the quarterly report."""
