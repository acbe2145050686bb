"""Errors of erasure; the message says what to do."""


class ErasureError(Exception):
    """The erasure failed; nothing was erased."""
