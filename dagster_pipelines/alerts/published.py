"""Copies the incident log into the warehouse, for the mart and the quality dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from dagster_pipelines.alerts.incident import Incident
from dagster_pipelines.alerts.sources.installation import RELEASE_OLD, RELEASE_UNCHECKED, RUN_DIED
from dagster_pipelines.alerts.sources.run import GATE_CLOSED, RUN_FAILED

ENDED_BY_A_RELEASE = frozenset({RUN_FAILED, GATE_CLOSED, RUN_DIED, RELEASE_OLD, RELEASE_UNCHECKED})
"""Publishing a release resolves these, so the copy within the release shows them as resolved."""

INCIDENTS = "quality.incidents"


def copy_incidents(
    connection: duckdb.DuckDBPyConnection, incidents: Iterable[Incident], time_zone: str, now: datetime
) -> None:
    """Replaces the previous run's incidents, with local times. `now` is aware.

    The finding itself is not copied, since it may quote an error. Title and remedy are fixed texts.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, and a run with nothing to do copies nothing

    zone = ZoneInfo(time_zone)

    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(zone).replace(tzinfo=None)

    rows = [
        {
            "incident_id": one.incident_id,
            "kind": one.kind,
            "severity": one.severity,
            "system": one.system,
            "owner": one.owner,
            "place": one.where,
            "title_zh": one.title.zh,
            "title_en": one.title.en,
            "remedy_zh": one.remedy.zh,
            "remedy_en": one.remedy.en,
            "failed_rows": one.rows,
            "checked_rows": one.checked_rows,
            "opened_at": local(one.opened_at),
            "last_seen_at": local(one.last_seen_at),
            "resolved_at": local(one.resolved_at or (now if one.key in ENDED_BY_A_RELEASE else None)),
            "recorded_at": local(now),
        }
        for one in incidents
    ]
    connection.execute("begin")
    connection.execute(f"delete from {INCIDENTS}")
    if rows:
        types = {"failed_rows": pa.int64(), "checked_rows": pa.int64(), "resolved_at": pa.timestamp("us")}
        schema = pa.schema([(name, types.get(name) or pa.array([rows[0][name]]).type) for name in rows[0]])
        connection.register("incident_log", pa.Table.from_pylist(rows, schema))
        connection.execute(f"insert into {INCIDENTS} by name select * from incident_log")
        connection.unregister("incident_log")
    connection.execute("commit")
