"""The load log: which files were taken, refused or repeated, which rows were rejected, and which notices to show.

landing.files holds the stat of each settled file, so that an unchanged landing zone costs one stat per file.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG

import duckdb

from dagster_pipelines.landing.checking import CHECKED
from dagster_pipelines.landing.messages import LONGEST_QUOTE, message_template
from dagster_pipelines.landing.outcome import FileOutcome, Notice
from dagster_pipelines.landing.reasons import place_of, reason_of
from needloop.contract.model import Table


@dataclass(frozen=True)
class FileStat:
    """What identifies a file's state on disk without reading it. If any of it differs, the file is read again."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int

    @staticmethod
    def at(path: Path) -> FileStat:
        """The file's stat now. Raises OSError when the file is missing or not a regular file.

        After the landing zone was searched, anyone who can write to it could put a link there to a file they must not
        read.
        """
        stat = path.stat(follow_symlinks=False)
        if not S_ISREG(stat.st_mode):
            raise OSError(errno.ELOOP, "no longer a regular file", str(path))
        # Some file systems use all 64 bits for inode numbers.
        return FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & (2**63 - 1))


def is_settled(path: Path, stat: FileStat | None) -> bool:
    """Whether the file is unchanged since it was settled; `stat` is None for a file that never was."""
    try:
        return stat is not None and FileStat.at(path) == stat
    except OSError:
        return False


class LoadLog:
    """Reads and writes the load log, within whatever transaction is open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, batch_id: str, loaded_at: datetime) -> None:
        self._connection = connection
        self._batch_id = batch_id
        self._loaded_at = loaded_at

    def settled_files(self) -> dict[str, FileStat]:
        """Files that were taken or are repeats, with their stat at that time."""
        rows = self._connection.execute(
            "select file, bytes, modified_ns, changed_ns, inode from landing.files"
        ).fetchall()
        return {file: FileStat(*stat) for file, *stat in rows}

    def first_file_with(self, table: Table, content_hash: str) -> str | None:
        """The file from which the table took this content."""
        row = self._connection.execute(
            "select file from landing.loads where table_name = ? and content_hash = ? and status = 'taken' limit 1",
            [table.full_name, content_hash],
        ).fetchone()
        return None if row is None else str(row[0])

    def next_load_id(self) -> int:
        """A number greater than that of any earlier load."""
        row = self._connection.execute("select nextval('landing.load_ids')").fetchone()
        assert row is not None  # noqa: S101  (a sequence gives a value)
        return int(row[0])

    def record(
        self, outcome: FileOutcome, *, load_id: int, content_hash: str | None, stat: FileStat, encoding: str | None
    ) -> None:
        """Record the outcome of a file. It replaces an earlier refusal, which is either obsolete or the same."""
        execute = self._connection.execute
        execute("delete from landing.loads where file = ? and status = 'refused'", [outcome.file])
        execute("delete from landing.files where file = ?", [outcome.file])
        if outcome.status == "repeat_of":
            execute(
                "delete from landing.loads where file = ? and status = 'repeat_of' and content_hash = ?",
                [outcome.file, content_hash],
            )
        repeated = outcome.reason if outcome.status == "repeat_of" else None
        reason = outcome.reason if outcome.status == "refused" else None
        values = [
            load_id, self._batch_id, outcome.file, outcome.table, outcome.status, reason, outcome.message, repeated,
            content_hash, stat.size, encoding, outcome.rows, outcome.loaded, outcome.ignored, outcome.rejected,
            self._loaded_at, outcome.seconds, outcome.erased,
        ]  # fmt: skip
        execute(
            """
            insert into landing.loads (
                load_id, batch_id, file, table_name, status, reason, message, repeat_of, content_hash, bytes,
                encoding, rows_in_file, loaded, ignored, rejected, loaded_at, seconds, erased
            ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            values,
        )
        if outcome.status != "refused":
            execute(
                "insert into landing.files values (?, ?, ?, ?, ?, ?)",
                [outcome.file, stat.size, stat.modified_ns, stat.changed_ns, stat.inode, content_hash],
            )

    def record_rejects(self, table: Table, file: str, load_id: int, header_line: str | None) -> int:
        """Record the rejected rows of CHECKED. Returns their number."""
        execute = self._connection.execute
        codes = [code for (code,) in execute(f"select distinct _code from {CHECKED} where _code > 0").fetchall()]
        if not codes:
            return 0
        execute(
            """create or replace temp table landing_messages (
                code integer, column_name varchar, reason varchar, message varchar
            )"""
        )
        for code in codes:
            place = place_of(code)
            name = None if place is None else table.columns[place].name
            execute(
                "insert into landing_messages values (?, ?, ?, ?)",
                [code, name, reason_of(code), message_template(table, code)],
            )
        shown = r"regexp_replace(coalesce(_found, ''), '[\x00-\x1f\x7f-\x9f]', '␣', 'g')"
        shortened = (
            f"case when length({shown}) > {LONGEST_QUOTE} then {shown}[:{LONGEST_QUOTE}] || '…' else {shown} end"
        )
        row = execute(
            f"""
            insert into landing.rejects
            select
                ?, ?, _line, ?, sentence.column_name, sentence.reason,
                replace(sentence.message, '{{found}}', {shortened}), ?, _record
            from {CHECKED} join landing_messages as sentence on sentence.code = _code order by _line
            """,
            [load_id, file, table.full_name, header_line],
        ).fetchone()
        return int(row[0]) if row else 0

    def notice(self, notices: list[Notice]) -> list[Notice]:
        """Record the notices that are new, and return them."""
        rows = self._connection.execute("select kind, subject from landing.notices").fetchall()
        known = {(kind, subject) for kind, subject in rows}
        new = [notice for notice in notices if (notice.kind, notice.subject) not in known]
        for notice in new:
            self._connection.execute(
                "insert into landing.notices values (?, ?, ?, ?, ?, ?)",
                [self._batch_id, notice.file, notice.kind, notice.subject, notice.message, self._loaded_at],
            )
        return new
