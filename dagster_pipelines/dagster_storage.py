"""Makes Dagster's embedded SQLite storage cheap enough for a run of many small events.

Dagster opens and closes a connection for each event. Left alone, every commit waits for the disk, and every close of
the last connection writes the whole log back. Here commits do not wait (after a power cut the last events of a run's
history may be missing; the warehouse and the releases do not depend on them), and a connection held open for each
file saves the writing back. A server database as storage is not touched by this.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy

_held: dict[str, sqlite3.Connection] = {}


@contextmanager
def relaxed_sqlite_storage() -> Iterator[None]:
    """Applies to every SQLite connection that SQLAlchemy opens in this process meanwhile."""
    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "connect", _relax)
    try:
        yield
    finally:
        sqlalchemy.event.remove(sqlalchemy.engine.Engine, "connect", _relax)
        while _held:
            _held.popitem()[1].close()


def _relax(connection: Any, _: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("pragma synchronous = off")
    file = connection.execute("pragma database_list").fetchone()[2]
    if file and file not in _held:
        _held[file] = sqlite3.connect(file, check_same_thread=False)
        _held[file].execute("select count(*) from sqlite_master").fetchone()
