"""The schemas of closed quarters. dbt reads them but never writes them, so they survive a full refresh."""

CLOSING_SCHEMA = "closing"
"""Which quarters were closed when, with their numbers and inputs."""


def archive_schema(quarter: str) -> str:
    """The schema with the published tables of a closed quarter, such as closing_2026q2."""
    return f"{CLOSING_SCHEMA}_{quarter.lower()}"
