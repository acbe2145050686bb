"""The record of incidents as a table of the warehouse, for the mart and the quality dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from dagster_pipelines.alerts.incident import Incident
from dagster_pipelines.alerts.sources.installation import RELEASE_OLD, RELEASE_UNCHECKED, RUN_DIED
from dagster_pipelines.alerts.sources.run import GATE_CLOSED, RUN_FAILED

ENDED_BY_A_RELEASE = frozenset({RUN_FAILED, GATE_CLOSED, RUN_DIED, RELEASE_OLD, RELEASE_UNCHECKED})
"""Who reads the copy reads a release, and with that release these are over."""

INCIDENTS = "quality.incidents"


def copy_incidents(
    connection: duckdb.DuckDBPyConnection, incidents: Iterable[Incident], time_zone: str, now: datetime
) -> None:
    """Puts the incidents in place of those of the run before, with local times. `now` is aware.

    What was found stays behind: it may repeat the words of an error. Title and remedy are this product's own.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, and a run without news copies nothing

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
        connection.register("incidents_of_the_record", pa.Table.from_pylist(rows, schema))
        connection.execute(f"insert into {INCIDENTS} by name select * from incidents_of_the_record")
        connection.unregister("incidents_of_the_record")
    connection.execute("commit")
