"""What can go wrong for the person who asks for a list."""

from __future__ import annotations


class ActionListError(Exception):
    """The list cannot be made; the message says why and what to do, and is shown to the user as it is."""
