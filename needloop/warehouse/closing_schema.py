"""Where closed quarters are kept: schemas that dbt reads and never writes, so a full refresh spares them."""

CLOSING_SCHEMA = "closing"
"""What was closed when, its numbers and what they were made of."""


def archive_schema(quarter: str) -> str:
    """The schema with the published tables of a closed quarter, as closing_2026q2."""
    return f"{CLOSING_SCHEMA}_{quarter.lower()}"
