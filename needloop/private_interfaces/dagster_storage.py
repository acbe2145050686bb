"""Makes Dagster's storage cheap enough for a run of many small events.

In SQLite, Dagster makes a new engine for each event, which opens and closes a connection: every statement is compiled
anew, every commit waits for the disk, and every close of a file's last connection writes its whole log back. Here an
engine and its connections are kept until the run ends, and commits do not wait (after a power cut the last events of a
run's history may be missing; the warehouse and the releases do not depend on them).

On a server, Dagster connects anew for each access, some thousand times in a run, and each time the server starts a
process and checks the password. A run keeps its connections instead, as Dagster's web server does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from sqlalchemy.pool import QueuePool

# The modules that make an engine for each access, and the name by which they do.
_STORAGES = (sqlite_event_log, sqlite_run_storage)
_MAKER = "create_engine"


_MORE_CONNECTIONS = 10
_RECONNECT_AFTER_SECONDS = 3600
_NO_TIMEOUT = 0


class _KeptPool(QueuePool):
    """Survives the disposal of its engine, which Dagster orders after each access."""

    def dispose(self) -> None:
        """Keeps the connections; `close` ends them."""

    def recreate(self) -> QueuePool:
        """The same pool, for the engine that is used again."""
        return self

    def close(self) -> None:
        """Closes the connections that are not in use."""
        super().dispose()


@contextmanager
def relaxed_sqlite_storage() -> Iterator[None]:
    """Applies to the run and event storages that are used in this process meanwhile."""
    engines: dict[str, sqlalchemy.Engine] = {}

    def kept_engine(url: str, **options: Any) -> sqlalchemy.Engine:
        if url not in engines:
            engines[url] = sqlalchemy.create_engine(url, **{**options, "poolclass": _KeptPool})
            sqlalchemy.event.listen(engines[url], "connect", _relax)
        return engines[url]

    with ExitStack() as stack:
        for storage in _STORAGES:
            stack.callback(setattr, storage, _MAKER, getattr(storage, _MAKER))
            setattr(storage, _MAKER, kept_engine)
        try:
            yield
        finally:
            for engine in engines.values():
                if isinstance(engine.pool, _KeptPool):
                    engine.pool.close()


def keep_connections(instance: dg.DagsterInstance) -> None:
    """From now on a server's storages use the same connections again; those in SQLite stay as they are."""
    instance.optimize_for_webserver(
        statement_timeout=_NO_TIMEOUT, pool_recycle=_RECONNECT_AFTER_SECONDS, max_overflow=_MORE_CONNECTIONS
    )


def remove_events_file(instance: dg.DagsterInstance, run_id: str) -> None:
    """In SQLite each run has a file of its own, which Dagster empties but leaves."""
    storage = instance.event_log_storage
    if isinstance(storage, SqliteEventLogStorage):
        for suffix in ("", "-wal", "-shm"):
            Path(storage.path_for_shard(run_id) + suffix).unlink(missing_ok=True)


def _relax(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
