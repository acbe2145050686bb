"""Releases of the marts: publishing one, and the one way to open it for reading."""
