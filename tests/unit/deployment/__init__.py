"""The files of docs/deployment."""
