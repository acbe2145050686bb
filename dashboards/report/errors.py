"""What can go wrong for the person who asks for a report."""

from __future__ import annotations


class ReportError(ValueError):
    """The report cannot be made; the message says why and what to do, and is shown to the user as it is."""
