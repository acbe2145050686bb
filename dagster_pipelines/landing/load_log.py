"""The records of the loader: which files were taken, refused or repeated, which rows were rejected, what should be
noticed.

landing.files remembers how a settled file looked on disk, so that an unchanged landing zone costs one look at each
file.
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
class Look:
    """How a file looks on disk without being read. Any difference means that it has to be read."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int

    @staticmethod
    def at(path: Path) -> Look:
        """The look of the file now; raises OSError when there is none, or something else than a plain file.

        Whoever may write to the landing zone could put a link there, after it was searched, to what is not theirs.
        """
        stat = path.stat(follow_symlinks=False)
        if not S_ISREG(stat.st_mode):
            raise OSError(errno.ELOOP, "it is no plain file any more", str(path))
        # Inode numbers of some file systems use all 64 bits.
        return Look(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & (2**63 - 1))


def is_settled(path: Path, look: Look | None) -> bool:
    """Whether the file looks as it did when it was settled; `look` is None for one that never was."""
    try:
        return look is not None and Look.at(path) == look
    except OSError:
        return False


class LoadLog:
    """Reads and writes the records, within whatever transaction is open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, batch_id: str, loaded_at: datetime) -> None:
        self._connection = connection
        self._batch_id = batch_id
        self._loaded_at = loaded_at

    def settled_files(self) -> dict[str, Look]:
        """Files that were taken or are repeats, as they looked then."""
        rows = self._connection.execute(
            "select file, bytes, modified_ns, changed_ns, inode from landing.files"
        ).fetchall()
        return {file: Look(*look) for file, *look in rows}

    def first_file_with(self, table: Table, content_hash: str) -> str | None:
        """The file of the table that was taken with this content."""
        row = self._connection.execute(
            "select file from landing.loads where table_name = ? and content_hash = ? and status = 'taken' limit 1",
            [table.full_name, content_hash],
        ).fetchone()
        return None if row is None else str(row[0])

    def next_load_id(self) -> int:
        """A number greater than those of all loads before."""
        row = self._connection.execute("select nextval('landing.load_ids')").fetchone()
        assert row is not None  # noqa: S101  (a sequence gives a value)
        return int(row[0])

    def record(
        self, outcome: FileOutcome, *, load_id: int, content_hash: str | None, look: Look, encoding: str | None
    ) -> None:
        """Writes what became of a file. An earlier refusal of it is replaced: it is no longer true, or is the same."""
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
            content_hash, look.size, encoding, outcome.rows, outcome.loaded, outcome.ignored, outcome.rejected,
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
                [outcome.file, look.size, look.modified_ns, look.changed_ns, look.inode, content_hash],
            )

    def record_rejects(self, table: Table, file: str, load_id: int, header_line: str | None) -> int:
        """Writes the rejected rows of CHECKED; gives their number."""
        execute = self._connection.execute
        codes = [code for (code,) in execute(f"select distinct _code from {CHECKED} where _code > 0").fetchall()]
        if not codes:
            return 0
        execute(
            """create or replace temp table landing_sentences (
                code integer, column_name varchar, reason varchar, message varchar
            )"""
        )
        for code in codes:
            place = place_of(code)
            name = None if place is None else table.columns[place].name
            execute(
                "insert into landing_sentences values (?, ?, ?, ?)",
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
            from {CHECKED} join landing_sentences as sentence on sentence.code = _code order by _line
            """,
            [load_id, file, table.full_name, header_line],
        ).fetchone()
        return int(row[0]) if row else 0

    def notice(self, notices: list[Notice]) -> list[Notice]:
        """Writes what was not noticed before; gives that."""
        rows = self._connection.execute("select kind, subject from landing.notices").fetchall()
        known = {(kind, subject) for kind, subject in rows}
        new = [notice for notice in notices if (notice.kind, notice.subject) not in known]
        for notice in new:
            self._connection.execute(
                "insert into landing.notices values (?, ?, ?, ?, ?, ?)",
                [self._batch_id, notice.file, notice.kind, notice.subject, notice.message, self._loaded_at],
            )
        return new
