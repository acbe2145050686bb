"""Connections to Superset's metadata: quick and safe on SQLite, and of one process each on a server."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

# A server that was started anew closes our connections: they are tried before use, so that no request meets that.
SERVER_ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_recycle": 3600}


@event.listens_for(Engine, "connect")
def _prepared(connection: Any, record: Any) -> None:
    record.info["process"] = os.getpid()
    if isinstance(connection, sqlite3.Connection):
        # Each request writes an audit row: with a write-ahead log, readers do not wait for it, nor it for the disk.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=15000")


@event.listens_for(Engine, "checkout")
def _of_this_process(_connection: Any, record: Any, proxy: Any) -> None:
    """A worker makes its own: what it inherited when it was forked, the processes would speak through at once."""
    if record.info.get("process") != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None
        raise DisconnectionError("the connection belongs to the process that forked this one")
