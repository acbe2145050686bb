"""Closing a quarter: archives its published numbers, so that a later run cannot change them silently."""
