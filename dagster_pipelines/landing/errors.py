"""Errors in a delivery. Their messages are written for the people who fix it."""

from __future__ import annotations


class LandingError(Exception):
    """The landing zone as a whole cannot be loaded; the message says why and what to do."""


class FileRefusedError(Exception):
    """One file cannot be loaded; the others can. `reason` is one of the contract's file reasons."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
