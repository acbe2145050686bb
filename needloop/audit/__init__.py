"""The record of who signed in and what was exported: written by the dashboards and by `needloop export`."""
