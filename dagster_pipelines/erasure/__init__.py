"""Permanent erasure of a person from the warehouse, and its log."""
