"""The audit log: an SQLite file that several processes may write to concurrently.

Uses the standard library only, because Superset's environment, which lacks the pipeline's libraries, writes to it too.
An entry says who, when, what and from where. It holds no customer data.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE_NAME = "audit.db"
KEEP_DAYS = 400
LOGIN, LOGIN_FAILED, LOGOUT = "login", "login_failed", "logout"
EXPORT, EXPORT_REFUSED = "export", "export_refused"
ACTIONS = (LOGIN, LOGIN_FAILED, LOGOUT, EXPORT, EXPORT_REFUSED)
_LONGEST_TEXT = 500
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_WAIT_SECONDS = 10
_TABLE = """
create table if not exists entries (
    entry_id integer primary key,
    at text not null,
    who text not null,
    action text not null,
    what text not null,
    where_from text not null
);
create index if not exists entries_by_time on entries (at);
"""


@dataclass(frozen=True)
class Entry:
    """One action of a user."""

    at: datetime
    """In UTC."""
    who: str
    action: str
    """One of `ACTIONS`."""
    what: str
    where_from: str
    """Network address, or the host a command ran on."""


class AuditRecord:
    """The audit log of one installation."""

    def __init__(self, folder: Path, keep_days: int = KEEP_DAYS) -> None:
        """Use the log in a folder, which is created with the first entry, readable by its owner only."""
        self._file = folder / FILE_NAME
        self._keep_days = keep_days

    def add(self, who: str, action: str, what: str, where_from: str, at: datetime | None = None) -> None:
        """Write an entry, and delete those past the retention period.

        Texts may be untrusted, such as the name of a failed login: they are reduced to one printable line.

        Raises:
            OSError, sqlite3.Error: the file cannot be written.
        """
        at = at or datetime.now(UTC)
        texts = [_printable(text) for text in (who, action, what, where_from)]
        with self._opened() as connection:
            connection.execute(
                "insert into entries (at, who, action, what, where_from) values (?, ?, ?, ?, ?)", [_text(at), *texts]
            )
            oldest = datetime.now(UTC) - timedelta(days=self._keep_days)
            connection.execute("delete from entries where at < ?", [_text(oldest)])

    def prove_writable(self) -> None:
        """Check that an entry could be written, before an action that must not go unlogged.

        Raises:
            OSError, sqlite3.Error: no entry could be written.
        """
        with self._opened() as connection:
            connection.execute("begin immediate")
            connection.rollback()

    def entries(
        self, *, since: datetime | None = None, who: str | None = None, action: str | None = None, most: int = 100
    ) -> list[Entry]:
        """The latest entries, the latest first.

        Args:
            since: only entries from then on.
            who: only this person.
            action: only this action.
            most: maximum number of entries.

        Raises:
            sqlite3.Error: the file is damaged.
        """
        if not self._file.exists():
            return []
        conditions: list[str] = []
        values: list[str | int] = []
        for condition, value in (("at >= ?", since and _text(since)), ("who = ?", who), ("action = ?", action)):
            if value:
                conditions.append(condition)
                values.append(value)
        where = f"where {' and '.join(conditions)}" if conditions else ""
        query = f"select at, who, action, what, where_from from entries {where} order by at desc, entry_id desc limit ?"
        with self._opened() as connection:
            found = connection.execute(query, [*values, most]).fetchall()
        return [Entry(datetime.fromisoformat(at), *texts) for at, *texts in found]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        folder = self._file.parent
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(stat.S_IRWXU)
        if not self._file.exists():
            os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR))
        connection = sqlite3.connect(self._file, timeout=_WAIT_SECONDS)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.executescript(_TABLE)
            with connection:
                yield connection
        finally:
            connection.close()


def _printable(text: str) -> str:
    """One line without control characters, direction marks or characters that cannot be stored."""
    one_line = " ".join(text.split())[:_LONGEST_TEXT]
    return "".join(letter if letter.isprintable() else _REPLACEMENT for letter in one_line)


def _text(at: datetime) -> str:
    """A form that sorts chronologically."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
