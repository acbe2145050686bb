"""The totals of the previous release, for comparison with the marts that are about to be published."""

from __future__ import annotations

import duckdb

from needloop.settings import MARTS_FILE, Settings

METRICS_BEFORE = "quality.metrics_before"

METRICS_BEFORE_TABLE = f"""
create table if not exists {METRICS_BEFORE} (
    metric varchar not null, period_type varchar not null, period varchar not null, value double
)
"""


def take_metrics_before(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fills METRICS_BEFORE with the published totals; leaves it empty when there is no release that can be read."""
    connection.execute(f"delete from {METRICS_BEFORE}")
    release = settings.current / MARTS_FILE
    if not release.exists():
        return
    try:
        connection.execute(f"attach '{release.resolve()}' as release_before (read_only)")
    except duckdb.Error:
        return  # its readers report a damaged release; it must not block a good one
    try:
        connection.execute(
            f"insert into {METRICS_BEFORE} select metric, period_type, period, value "
            "from release_before.marts.metric_values where group_by = 'all'"
        )
    finally:
        connection.execute("detach release_before")
