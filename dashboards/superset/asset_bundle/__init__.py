"""Renders `assets/` (each asset once, its texts in Chinese and English) into a bundle that Superset imports."""
