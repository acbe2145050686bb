"""Errors while writing a sample bank."""

from __future__ import annotations


class SampleError(Exception):
    """The sample bank cannot be written; the message says why and what to do."""
