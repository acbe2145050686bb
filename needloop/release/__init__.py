"""Releases of the marts: publish one, and the only way to open one for reading."""
