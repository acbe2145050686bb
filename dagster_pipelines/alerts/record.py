"""The log of incidents, notices and messages: a separate SQLite file, so alerting works with a damaged warehouse.

When that file is unusable (full disk, read-only folder), the log is kept in memory: a duplicate notification is better
than none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from dagster_pipelines.alerts.incident import Attempt, Event, Incident, Notice
from dagster_pipelines.alerts.problem import Problem
from expectations.check import Text
from needloop.settings import Settings

_TABLES = """
create table if not exists incidents (
    incident_id integer primary key, key text not null, kind text not null, severity text not null,
    system text not null, owner text not null, place text not null, title_zh text not null, title_en text not null,
    what_zh text not null, what_en text not null, remedy_zh text not null, remedy_en text not null,
    failed_rows integer, checked_rows integer, details text, keys text,
    opened_at text not null, last_seen_at text not null, resolved_at text, reminders integer not null default 0
);
create unique index if not exists one_open_incident_a_key on incidents (key) where resolved_at is null;
create table if not exists notices (
    notice_id integer primary key, incident_id integer not null references incidents, target text not null,
    event text not null, state text not null, tries integer not null default 0,
    created_at text not null, settled_at text
);
create index if not exists notices_by_state on notices (state);
create index if not exists notices_by_incident on notices (incident_id);
create table if not exists attempts (
    target text not null, subject text not null, delivered integer not null, error text, at text not null
);
create table if not exists runs_told (run_id text primary key, ended_at text not null);
create table if not exists last_deliveries (table_name text primary key, loaded_at text not null);
create table if not exists digests (
    department text not null, as_of text not null, target text not null, day text not null,
    delivered integer not null, primary key (department, as_of, target)
);
"""
_NOT_A_DATABASE = ("file is not a database", "malformed", "disk image")
_MEMORY = ":memory:"
_HISTORY_DAYS = 400


class Record:
    """Reads and writes the tables of the incident log."""

    def __init__(self, connection: sqlite3.Connection, *, lasting: bool) -> None:
        self._connection = connection
        self.lasting = lasting
        """Whether it is stored in the file; otherwise it is lost when the process ends."""
        connection.row_factory = sqlite3.Row
        connection.executescript(_TABLES)
        if not any(row["name"] == "keys" for row in connection.execute("pragma table_info(incidents)")):
            connection.execute("alter table incidents add column keys text")  # the file predates the column

    @contextmanager
    def change(self) -> Iterator[None]:
        """A transaction; other processes wait for it."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def open_incidents(self) -> dict[str, Incident]:
        """{key: incident}."""
        rows = self._connection.execute("select * from incidents where resolved_at is null order by incident_id")
        return {row["key"]: _incident(row) for row in rows}

    def resolved_incidents(self, since: datetime) -> list[Incident]:
        """Incidents resolved since then, the latest first."""
        rows = self._connection.execute(
            "select * from incidents where resolved_at >= ? order by resolved_at desc, incident_id", [_text(since)]
        )
        return [_incident(row) for row in rows]

    def all_incidents(self) -> list[Incident]:
        """Open and resolved incidents within the retention period, the oldest first."""
        return [_incident(row) for row in self._connection.execute("select * from incidents order by incident_id")]

    def open(self, problem: Problem, now: datetime) -> Incident:
        """Opens an incident for the problem."""
        values = {**_columns(problem), "key": problem.key, "opened_at": _text(now), "last_seen_at": _text(now)}
        opened = self._connection.execute(
            f"insert into incidents ({', '.join(values)}) values ({', '.join('?' * len(values))})", [*values.values()]
        )
        row = self._connection.execute("select * from incidents where incident_id = ?", [opened.lastrowid]).fetchone()
        return _incident(row)

    def refresh(self, incident: Incident, problem: Problem, now: datetime) -> None:
        """The problem persists: updates its texts and row counts."""
        values = {**_columns(problem), "last_seen_at": _text(now)}
        self._update("incidents", values, "incident_id", incident.incident_id)

    def resolve(self, incident: Incident, now: datetime) -> None:
        """Marks the incident as resolved."""
        self._update("incidents", {"resolved_at": _text(now)}, "incident_id", incident.incident_id)

    def reminded(self, incident: Incident) -> None:
        """Counts one more reminder."""
        self._update("incidents", {"reminders": incident.reminders + 1}, "incident_id", incident.incident_id)

    def add_notice(self, incident: Incident, target: str, event: Event, now: datetime) -> None:
        """Queues a notice for the target."""
        self._connection.execute(
            "insert into notices (incident_id, target, event, state, created_at) values (?, ?, ?, 'waiting', ?)",
            [incident.incident_id, target, event, _text(now)],
        )

    def waiting(self) -> list[Notice]:
        """Pending notices, the oldest first."""
        rows = self._connection.execute(
            "select incidents.*, notices.* from notices join incidents using (incident_id) "
            "where state = 'waiting' order by notice_id"
        ).fetchall()
        return [
            Notice(
                row["notice_id"], row["target"], row["event"], _time(row["created_at"]), row["tries"], _incident(row)
            )
            for row in rows
        ]

    def settle(self, notice: Notice, state: str, now: datetime) -> None:
        """Sets the final state: `told` (sent), `needless` (resolved before it was sent) or `given_up`."""
        self._update("notices", {"state": state, "settled_at": _text(now)}, "notice_id", notice.notice_id)

    def tried(self, notice: Notice) -> None:
        """Counts a failed delivery; the notice stays pending."""
        self._update("notices", {"tries": notice.tries + 1}, "notice_id", notice.notice_id)

    def was_notified(self, incident: Incident, target: str) -> bool:
        """Whether the target was notified that the incident is open."""
        found = self._connection.execute(
            "select 1 from notices where incident_id = ? and target = ? and event <> 'resolved' and state = 'told'",
            [incident.incident_id, target],
        )
        return found.fetchone() is not None

    def notified_targets(self, incident: Incident) -> tuple[str, ...]:
        """Targets that were, or are about to be, notified that the incident is open."""
        rows = self._connection.execute(
            "select distinct target from notices where incident_id = ? and event <> 'resolved' "
            "and state in ('told', 'waiting') order by target",
            [incident.incident_id],
        )
        return tuple(row["target"] for row in rows)

    def keep_attempt(self, attempt: Attempt) -> None:
        """Logs an attempt to send a message."""
        self._connection.execute(
            "insert into attempts values (?, ?, ?, ?, ?)",
            [attempt.target, attempt.subject, attempt.delivered, attempt.error, _text(attempt.at)],
        )

    def attempts(self, since: datetime) -> list[Attempt]:
        """Attempts since then, the latest first."""
        rows = self._connection.execute("select * from attempts where at >= ? order by at desc", [_text(since)])
        return [
            Attempt(row["target"], row["subject"], bool(row["delivered"]), row["error"], _time(row["at"]))
            for row in rows
        ]

    def is_run_handled(self, ended_at: datetime, run_id: str) -> bool:
        """Whether the end of this run, or of a later one, was processed."""
        found = self._connection.execute(
            "select 1 from runs_told where run_id = ? or ended_at > ?", [run_id, _text(ended_at)]
        )
        return found.fetchone() is not None

    def mark_run_handled(self, run_id: str, ended_at: datetime, now: datetime) -> None:
        """Marks the end of the run as processed and deletes history past the retention period."""
        self._connection.execute("insert or ignore into runs_told values (?, ?)", [run_id, _text(ended_at)])
        limit = _text(now - timedelta(days=_HISTORY_DAYS))
        self._connection.execute("delete from runs_told where ended_at < ?", [limit])
        self._connection.execute("delete from attempts where at < ?", [limit])
        self._connection.execute(
            "delete from notices where incident_id in (select incident_id from incidents where resolved_at < ?)",
            [limit],
        )
        self._connection.execute("delete from incidents where resolved_at < ?", [limit])

    def remember_deliveries(self, loaded_at: Mapping[str, datetime]) -> None:
        """Stores {table: naive local time of the last loaded file}."""
        self._connection.executemany(
            "insert or replace into last_deliveries values (?, ?)",
            [(table, at.isoformat()) for table, at in loaded_at.items()],
        )

    def last_deliveries(self) -> dict[str, datetime]:
        """What `remember_deliveries` stored."""
        rows = self._connection.execute("select * from last_deliveries")
        return {row["table_name"]: datetime.fromisoformat(row["loaded_at"]) for row in rows}

    def digest_is_due(self, department: str, as_of: str, target: str, day: str) -> bool:
        """Whether the target got neither the department's digest as of that date nor any on that day."""
        found = self._connection.execute(
            "select 1 from digests where department = ? and target = ? and delivered and (as_of = ? or day = ?)",
            [department, target, as_of, day],
        )
        return found.fetchone() is None

    def keep_digest(self, department: str, as_of: str, target: str, day: str, *, delivered: bool) -> None:
        """Logs an attempt to send the digest."""
        self._connection.execute(
            "insert or replace into digests values (?, ?, ?, ?, ?)", [department, as_of, target, day, delivered]
        )

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _update(self, table: str, values: Mapping[str, Any], key: str, of: int) -> None:
        named = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(f"update {table} set {named} where {key} = ?", [*values.values(), of])


@contextmanager
def incident_record(settings: Settings) -> Iterator[Record]:
    """Opens the log of the data folder. A damaged file is moved aside; an unusable folder falls back to memory."""
    record = _usable_record(settings)
    try:
        yield record
    finally:
        record.close()


def _usable_record(settings: Settings) -> Record:
    file = settings.alerts_folder / "incidents.sqlite"
    try:
        settings.alerts_folder.mkdir(parents=True, exist_ok=True)
        try:
            return _record(str(file))
        except sqlite3.DatabaseError as error:
            if not any(words in str(error) for words in _NOT_A_DATABASE):
                raise
            file.rename(file.with_name(f"incidents.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}.sqlite"))
            return _record(str(file))
    except (OSError, sqlite3.Error):
        return _record(_MEMORY)


def _record(file: str) -> Record:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        record = Record(connection, lasting=file != _MEMORY)
        with record.change():  # fails early if the file is not writable
            connection.execute("create table if not exists written (at text)")
            connection.execute("delete from written")
            connection.execute("insert into written values (?)", [_text(datetime.now(UTC))])
    except sqlite3.Error:
        connection.close()
        raise
    return record


def _columns(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "severity": problem.severity,
        "system": problem.system,
        "owner": problem.owner,
        "place": problem.where,
        "title_zh": problem.title.zh,
        "title_en": problem.title.en,
        "what_zh": problem.what.zh,
        "what_en": problem.what.en,
        "remedy_zh": problem.remedy.zh,
        "remedy_en": problem.remedy.en,
        "failed_rows": problem.rows,
        "checked_rows": problem.checked_rows,
        "details": problem.details,
        "keys": problem.keys,
    }


def _incident(row: sqlite3.Row) -> Incident:
    return Incident(
        incident_id=row["incident_id"],
        key=row["key"],
        kind=row["kind"],
        severity=row["severity"],
        system=row["system"],
        owner=row["owner"],
        where=row["place"],
        title=Text(row["title_zh"], row["title_en"]),
        what=Text(row["what_zh"], row["what_en"]),
        remedy=Text(row["remedy_zh"], row["remedy_en"]),
        rows=row["failed_rows"],
        checked_rows=row["checked_rows"],
        details=row["details"],
        keys=row["keys"],
        opened_at=_time(row["opened_at"]),
        last_seen_at=_time(row["last_seen_at"]),
        resolved_at=_time(row["resolved_at"]) if row["resolved_at"] else None,
        reminders=row["reminders"],
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
