"""Make Dagster's storage fast enough for runs with many small events.

On SQLite, Dagster creates a new engine for each event, which opens and closes a connection: every statement is
recompiled, every commit waits for the disk, and closing a file's last connection checkpoints its whole log. Here, an
engine and its connections live until the run ends, and commits do not wait. After a power cut, the last events of a
run's history may be missing; the warehouse and the releases do not depend on them.

On a server, Dagster reconnects for each access, about a thousand times per run, and each time the server starts a
process and checks the password. Here, a run keeps its connections, as Dagster's web server does.
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

# The modules that create an engine per access, and the function they use.
_STORAGES = (sqlite_event_log, sqlite_run_storage)
_MAKER = "create_engine"


_MORE_CONNECTIONS = 10
_RECONNECT_AFTER_SECONDS = 3600
_NO_TIMEOUT = 0


class _KeptPool(QueuePool):
    """A pool that survives the disposal of its engine, which Dagster requests after each access."""

    def dispose(self) -> None:
        """Keep the connections; only `close` closes them."""

    def recreate(self) -> QueuePool:
        """Return the same pool, since the engine is reused."""
        return self

    def close(self) -> None:
        """Close idle connections."""
        super().dispose()


@contextmanager
def relaxed_sqlite_storage() -> Iterator[None]:
    """Apply this to the run and event storages that this process uses inside the context."""
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
    """Make a server's storages reuse their connections; SQLite storages are unaffected."""
    instance.optimize_for_webserver(
        statement_timeout=_NO_TIMEOUT, pool_recycle=_RECONNECT_AFTER_SECONDS, max_overflow=_MORE_CONNECTIONS
    )


def remove_events_file(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete a run's own SQLite file, which Dagster empties but does not delete."""
    storage = instance.event_log_storage
    if isinstance(storage, SqliteEventLogStorage):
        for suffix in ("", "-wal", "-shm"):
            Path(storage.path_for_shard(run_id) + suffix).unlink(missing_ok=True)


def _relax(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
