"""What was built and published from which inputs, so that a run knows what is new and what it can reuse.

A build is recorded only after its release is up, so a run that dies in between is repeated. The inputs of the models
in the warehouse are recorded before and after they are built, because a run that does not publish leaves models too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb


@dataclass(frozen=True)
class Build:
    """The inputs of a published release."""

    release_id: str
    run_id: str
    fingerprint: str
    requested_as_of: date | None
    as_of: date
    load_id: int
    """The greatest landing.loads.load_id in the build."""
    closed_quarters: int
    """Number of closed quarters in the build."""
    erasures: int = 0
    """Number of customer erasures in the build."""


_COLUMNS = "release_id, run_id, fingerprint, requested_as_of, as_of, load_id, closed_quarters, erasures"


def record_build(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Record the build as the latest."""
    connection.execute(
        "insert into pipeline.builds (release_id, run_id, fingerprint, requested_as_of, as_of, load_id, "
        "closed_quarters, erasures) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            build.release_id,
            build.run_id,
            build.fingerprint,
            build.requested_as_of,
            build.as_of,
            build.load_id,
            build.closed_quarters,
            build.erasures,
        ],
    )


def last_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """The latest published build of this warehouse, None before the first one."""
    row = connection.execute(f"select {_COLUMNS} from pipeline.builds order by rowid desc limit 1").fetchone()
    return Build(*row) if row else None


def build_of(connection: duckdb.DuckDBPyConnection, release_id: str) -> Build | None:
    """The build of a release, None if the release was made elsewhere."""
    row = connection.execute(
        f"select {_COLUMNS} from pipeline.builds where release_id = ? order by rowid desc limit 1", [release_id]
    ).fetchone()
    return Build(*row) if row else None


@dataclass(frozen=True)
class ModelsThere:
    """The inputs of the models in the warehouse, published or not."""

    fingerprint: str
    as_of: date
    whole: bool
    """Whether the models are consistent: False while they are built, after an interrupted run, and after a run that
    built a selection."""

    def are_those_of(self, build: Build) -> bool:
        """Whether some of them may be rebuilt and published with the others."""
        return self.whole and (self.fingerprint, self.as_of) == (build.fingerprint, build.as_of)


def note_models(connection: duckdb.DuckDBPyConnection, models: ModelsThere) -> None:
    """Record the state of the models, or the state they are about to have."""
    connection.execute("begin")
    connection.execute("delete from pipeline.models_there")
    connection.execute(
        "insert into pipeline.models_there values (?, ?, ?)", [models.fingerprint, models.as_of, models.whole]
    )
    connection.execute("commit")


def note_models_in_parts(connection: duckdb.DuckDBPyConnection) -> None:
    """Record that some models are about to be built without their dependants, so that the next run builds all."""
    connection.execute("update pipeline.models_there set whole = false")


def models_there(connection: duckdb.DuckDBPyConnection) -> ModelsThere | None:
    """The last recorded state, None if there is none."""
    row = connection.execute("select fingerprint, as_of, whole from pipeline.models_there").fetchone()
    return ModelsThere(*row) if row else None


def count_closed_quarters(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of closed quarters."""
    row = connection.execute("select count(*) from closing.quarters").fetchone()
    return int(row[0]) if row else 0


def count_erasures(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of recorded customer erasures."""
    row = connection.execute("select count(distinct (erased_at, customer_hash)) from pipeline.erasures").fetchone()
    return int(row[0]) if row else 0


def newest_load(connection: duckdb.DuckDBPyConnection) -> int:
    """The greatest load_id in the load log, 0 if nothing was ever delivered."""
    row = connection.execute("select coalesce(max(load_id), 0) from landing.loads").fetchone()
    return int(row[0]) if row else 0


def tables_loaded_after(connection: duckdb.DuckDBPyConnection, load_id: int) -> set[str]:
    """Full names (system.table) of the tables that received rows from a load after the given one."""
    rows = connection.execute(
        "select distinct table_name from landing.loads where load_id > ? and loaded > 0", [load_id]
    ).fetchall()
    return {name for (name,) in rows}
