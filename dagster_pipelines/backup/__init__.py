"""Backup and restore of what cannot be rebuilt from the landing zone."""
