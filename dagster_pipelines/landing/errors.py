"""What can go wrong with a delivery, as exceptions whose text is written for the people who mend it."""

from __future__ import annotations


class LandingError(Exception):
    """The landing zone as a whole cannot be loaded; the text says why and what to do."""


class FileRefusedError(Exception):
    """One file cannot be taken; the others go on. `reason` is one of the contract's file reasons."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
