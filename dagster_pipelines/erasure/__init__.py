"""Erasing a person from the warehouse, for good, and the record that it was done."""
