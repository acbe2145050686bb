"""Closing a quarter: its published numbers are put away as they are, so that no later run changes them silently."""
