"""Load one delivered file: read, check, merge and record it in one transaction, or refuse it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_pipelines.landing.aliases import Aliases, TableAliases
from dagster_pipelines.landing.checking import CHECKED, check_rows
from dagster_pipelines.landing.content import content_hash, read_text, unreadable
from dagster_pipelines.landing.csv_records import require_line_end
from dagster_pipelines.landing.csv_source import STREAM, CsvSource
from dagster_pipelines.landing.discovery import DeliveredFile
from dagster_pipelines.landing.erased_people import ErasedPeople
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.fast_csv import ROWS, try_csv
from dagster_pipelines.landing.fast_parquet import try_parquet
from dagster_pipelines.landing.fast_path import FAST_PATH_FROM, PLAIN, PlainFile, keys_are_new
from dagster_pipelines.landing.header import Header, match_header
from dagster_pipelines.landing.jsonl_source import LINES, JsonlSource
from dagster_pipelines.landing.load_log import FileStat, LoadLog
from dagster_pipelines.landing.merging import (
    DUPLICATE_KEYS,
    VERDICTS,
    insert_rows,
    insert_valid_rows,
    resolve_duplicates,
)
from dagster_pipelines.landing.outcome import FileOutcome, Notice, Status
from dagster_pipelines.landing.parquet_source import ParquetSource
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.source import Source
from dagster_pipelines.landing.stamp import Stamp
from dagster_pipelines.landing.unpacking import UnpackingLimits
from dagster_pipelines.landing.xlsx_source import SHEET, XlsxSource

CONFLICTS = "landing_conflicts"


@dataclass(frozen=True)
class _Counts:
    rows: int = 0
    loaded: int = 0
    ignored: int = 0
    rejected: int = 0
    encoding: str | None = None
    erased: int = 0


@dataclass(frozen=True)
class LoadRun:
    """What all files of a run share."""

    batch_id: str
    time_zone: str
    loaded_at: datetime
    scratch: Path
    max_record_bytes: int
    unpacking: UnpackingLimits


class FileLoader:
    """Loads files one by one on one connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        load_log: LoadLog,
        aliases: Aliases,
        run: LoadRun,
        erased_people: ErasedPeople | None,
    ) -> None:
        self._connection = connection
        self._load_log = load_log
        self._aliases = aliases
        self._run = run
        self._erased_people = erased_people
        self.notices: list[Notice] = []

    def load(self, file: DeliveredFile) -> FileOutcome:
        """Load or refuse the file. Either way, the result is recorded when this returns."""
        started = time.monotonic()
        stat, digest = FileStat(0, 0, 0, 0), None
        try:
            stat = self._stat(file)
            if file.ending in {"csv", "jsonl"} and stat.size > self._run.max_record_bytes:
                require_line_end(file.path, self._run.max_record_bytes)
            if file.ending == "parquet":
                # A file's own statistics may be wrong, and DuckDB would use them to decide conditions.
                self._connection.execute("set disabled_optimizers = 'statistics_propagation'")
            stamp = self._begin(file)
            digest, counts = self._by_fast_path(file, stat, stamp)
            if counts is None:
                self._connection.rollback()  # discard whatever the fast path left behind
                stamp = self._begin(file)
            first = None if counts else self._load_log.first_file_with(file.table, digest)
            if first is None:
                counts = counts or self._take(file, stamp)
                outcome, encoding = _taken(file, counts, started), counts.encoding
            else:
                outcome = _outcome(
                    file, "repeat_of", first, f"The same content was already loaded from {first}.", started
                )
                encoding = None
            self._require_unchanged(file, stat)
            self._load_log.record(outcome, load_id=stamp.load_id, content_hash=digest, stat=stat, encoding=encoding)
            self._connection.commit()
        except FileRefusedError as refusal:
            self._roll_back()
            return self._refuse(file, refusal, stat, digest, started)
        except OSError as error:
            self._roll_back()
            if error.filename != str(file.path):
                raise
            gone = unreadable(f"it became unreadable ({error.strerror})")
            return self._refuse(file, gone, stat, digest, started)
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._clean_up()
        return outcome

    def _begin(self, file: DeliveredFile) -> Stamp:
        self._connection.begin()
        return Stamp(file.name, self._run.loaded_at, self._run.batch_id, self._load_log.next_load_id())

    def _clean_up(self) -> None:
        """Free the memory of temporary tables and Arrow data, where there are any."""
        self._connection.execute("reset disabled_optimizers")
        self._connection.execute(f"drop view if exists temp.{PLAIN}")
        for name in (ROWS, CHECKED, VERDICTS, DUPLICATE_KEYS, CONFLICTS, LINES):
            self._connection.execute(f"drop table if exists temp.{name}")
        for name in (STREAM, SHEET):
            self._connection.unregister(name)

    def _by_fast_path(self, file: DeliveredFile, stat: FileStat, stamp: Stamp) -> tuple[str, _Counts | None]:
        """The content hash, and the counts if the fast path loaded the file; if not, the caller rolls back."""
        if file.ending not in {"csv", "parquet"} or stat.size < FAST_PATH_FROM:
            return content_hash(file.path), None
        digest, plain = self._plain_rows(file)
        if plain is None or self._load_log.first_file_with(file.table, digest) is not None:
            return digest, None
        if not keys_are_new(self._connection, file.table, plain.rows):
            return digest, None  # duplicate keys take the full path
        if self._erased_people is not None and self._erased_people.among(self._connection, file.table, PLAIN):
            return digest, None  # and so do rows of erased customers
        rows = insert_rows(self._connection, file.table, stamp, PLAIN)
        self._notice_unknown_headers(file, plain.header)
        return digest, _Counts(rows, rows, encoding=plain.encoding)

    def _plain_rows(self, file: DeliveredFile) -> tuple[str, PlainFile | None]:
        table, aliases, run = file.table, self._aliases[file.table.full_name], self._run
        if file.ending == "csv":
            try:
                attempt = try_csv(self._connection, file.path, table, aliases, run.max_record_bytes)
            except OSError as error:
                raise unreadable(f"it cannot be read ({error.strerror})") from error
            return attempt.content_hash, attempt.plain
        digest = content_hash(file.path)
        if self._load_log.first_file_with(table, digest) is not None:
            return digest, None
        source = ParquetSource(self._connection, file.path, run.time_zone, run.unpacking)
        return digest, try_parquet(self._connection, source, table, aliases, run.time_zone)

    def _take(self, file: DeliveredFile, stamp: Stamp) -> _Counts:
        table, aliases = file.table, self._aliases[file.table.full_name]
        if file.path.stat().st_size == 0:
            return _Counts()
        source = self._open(file, aliases)
        if source.is_empty:
            return _Counts(encoding=source.info.encoding)
        lost = source.info.headers_lost
        header = Header({}, ()) if lost else match_header(table, aliases, source.info.headers)
        self._notice_unknown_headers(file, header)
        return self._check_and_merge(source, Reading(table, header, aliases, self._run.time_zone), stamp)

    def _check_and_merge(self, source: Source, reading: Reading, stamp: Stamp) -> _Counts:
        connection, table = self._connection, reading.table
        try:
            check_rows(connection, source, reading)
        except duckdb.Error as error:
            raise source.fault_of(error) from error
        erased = 0
        if self._erased_people is not None:
            erased = self._erased_people.drop(connection, table, CHECKED)
            self._notice_erased_people(stamp, erased)
        resolve_duplicates(connection, table)
        self._fetch_records_of_conflicts(source)
        row = connection.execute(f"select count(*), count(*) filter (_code > 0) from {CHECKED}").fetchone()
        assert row is not None  # noqa: S101  (an aggregate gives a row)
        rows, rejected = row
        loaded = insert_valid_rows(connection, table, stamp)
        self._load_log.record_rejects(table, stamp.file, stamp.load_id, source.info.header_line)
        rows += erased
        return _Counts(rows, loaded, rows - rejected - loaded, rejected, source.info.encoding, erased)

    def _fetch_records_of_conflicts(self, source: Source) -> None:
        """Conflicts are known only after all rows were read, so their records are read from the file again."""
        missing = f"select _line from {CHECKED} where _code > 0 and _record is null"
        if not self._connection.execute(f"{missing} limit 1").fetchall():
            return
        rows = source.rows(self._connection)
        self._connection.execute(
            f"""
            create or replace temp table {CONFLICTS} as
            select line, record from ({rows}) where line in (select _line from ({missing}))
            """
        )
        self._connection.execute(f"update {CHECKED} set _record = record from {CONFLICTS} where _line = line")

    def _open(self, file: DeliveredFile, aliases: TableAliases) -> Source:
        if file.ending == "parquet":
            return ParquetSource(self._connection, file.path, self._run.time_zone, self._run.unpacking)
        if file.ending == "xlsx":
            self._run.unpacking.require_workbook(file.path)
            return XlsxSource(file.path)
        text = read_text(
            file.path,
            compressed=file.ending == "csv.gz",
            scratch=self._run.scratch,
            watch=self._run.unpacking.require_text,
        )
        if file.ending == "jsonl":
            return JsonlSource(self._connection, text, self._run.max_record_bytes)
        return CsvSource(text, aliases, self._run.max_record_bytes)

    def _refuse(
        self, file: DeliveredFile, refusal: FileRefusedError, stat: FileStat, digest: str | None, started: float
    ) -> FileOutcome:
        outcome = _outcome(file, "refused", refusal.reason, refusal.message, started)
        self._connection.begin()
        load_id = self._load_log.next_load_id()
        self._load_log.record(outcome, load_id=load_id, content_hash=digest, stat=stat, encoding=None)
        self._connection.commit()
        return outcome

    def _roll_back(self) -> None:
        try:
            self._connection.rollback()
        except duckdb.Error:
            return  # no open transaction

    def _stat(self, file: DeliveredFile) -> FileStat:
        try:
            return FileStat.at(file.path)
        except OSError as error:
            raise unreadable(f"it was moved or replaced ({error.strerror})") from error

    def _require_unchanged(self, file: DeliveredFile, stat: FileStat) -> None:
        if self._stat(file) != stat:
            raise unreadable("it changed while being read")

    def _notice_erased_people(self, stamp: Stamp, rows: int) -> None:
        if rows:
            message = (
                f"{rows} rows of {stamp.file} belong to customers who were erased with `needloop forget`, and were "
                "ignored. Remove them from the source system's deliveries."
            )
            notice = Notice(stamp.file, "erased_customers", f"{stamp.file} {stamp.load_id}", message)
            self.notices += self._load_log.notice([notice])

    def _notice_unknown_headers(self, file: DeliveredFile, header: Header) -> None:
        notices = [
            Notice(
                file.name,
                "unknown_header",
                f"{file.table.full_name}: {name}",
                f"The header '{name}' of {file.name} matches no column of {file.table.full_name} and was ignored. "
                "If it should be loaded, map it to a column in mapping.yml.",
            )
            for name in header.unknown
        ]
        self.notices += self._load_log.notice(notices)


def _outcome(file: DeliveredFile, status: Status, reason: str, message: str, started: float) -> FileOutcome:
    seconds = time.monotonic() - started
    return FileOutcome(file.name, file.table.full_name, status, reason, message, seconds=seconds)


def _taken(file: DeliveredFile, counts: _Counts, started: float) -> FileOutcome:
    return FileOutcome(
        file.name,
        file.table.full_name,
        "taken",
        rows=counts.rows,
        loaded=counts.loaded,
        ignored=counts.ignored,
        rejected=counts.rejected,
        erased=counts.erased,
        seconds=time.monotonic() - started,
    )
