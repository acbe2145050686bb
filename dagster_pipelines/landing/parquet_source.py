"""Parquet: typed columns, each converted to the text that the contract's rules expect."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from dagster_pipelines.landing.content import unreadable
from dagster_pipelines.landing.delimited_text import csv_record, csv_record_sql
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.source import SourceInfo
from dagster_pipelines.landing.unpacking import UnpackingLimits
from needloop.sql_text import sql_literal, sql_name

_FAR_PAST = "'0001-01-01'"
_SHORT = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|FLOAT|DOUBLE|DATE|UUID|TIME.*|DECIMAL.*)")
"""Types of bounded width, whose values are never long."""


class ParquetSource:
    """A Parquet file; a record's line is its ordinal + 1."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, time_zone: str, limits: UnpackingLimits
    ) -> None:
        self._time_zone = time_zone
        file = sql_literal(path)
        relation = f"read_parquet({file}, binary_as_string=true, file_row_number=true, hive_partitioning=false)"
        try:
            described = connection.execute(f"describe select * from {relation}").fetchall()
            rows = _declared_rows(connection, file)
        except duckdb.Error as error:
            raise unreadable("it is not an intact Parquet file") from error
        columns = [(name, kind) for name, kind, *_ in described if name != "file_row_number"]
        self.kinds = [kind for _, kind in columns]
        """DuckDB's types of the fields."""
        fields = [f"{sql_name(name)} as f{place}" for place, (name, _) in enumerate(columns)]
        self.fields = f"select {', '.join(['file_row_number + 2 as line', *fields])} from {relation}"
        """SQL: line, and the fields f0 … fN in their own types."""
        packed = path.stat().st_size
        limits.require_text(packed, rows * len(columns))  # as text, a value takes at least one byte
        limits.require_text(packed, self._text_bytes(connection))
        headers = tuple(name for name, _ in columns)
        self.info = SourceInfo(headers, csv_record(headers), None, may_hold_nul=True, quoted_fields=False)

    def _text_bytes(self, connection: duckdb.DuckDBPyConnection) -> int:
        """Total size of the values of unbounded length, streamed so that dictionary values are not multiplied."""
        lengths = [
            f"sum(strlen(cast(f{place} as varchar)))"
            for place, kind in enumerate(self.kinds)
            if _SHORT.fullmatch(kind) is None
        ]
        if not lengths:
            return 0
        try:
            sums = connection.execute(f"select {', '.join(lengths)} from ({self.fields})").fetchone()
        except duckdb.OutOfMemoryException as error:
            raise FileRefusedError(
                "unreadable_file",
                "A part of the file unpacks to more than fits in memory. Export it with smaller row groups and "
                "pages, or as CSV, and deliver it again; or raise the setting NEEDLOOP_MEMORY_LIMIT.",
            ) from error
        except duckdb.Error as error:
            raise self.fault_of(error) from error
        return sum(int(length or 0) for length in sums or ())

    @property
    def is_empty(self) -> bool:
        """See Source.is_empty."""
        return not self.info.headers

    def fault_of(self, error: duckdb.Error) -> Exception:
        """See Source.fault_of."""
        if isinstance(error, duckdb.OutOfMemoryException):
            return error
        return unreadable("a part of its Parquet content is damaged")

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """See Source.rows."""
        names = [f"f{place}" for place in range(len(self.kinds))]
        texts = [
            f"{text_sql(name, kind, self._time_zone)} as {name}" for name, kind in zip(names, self.kinds, strict=True)
        ]
        return f"""
            select line, {", ".join(names)}, {csv_record_sql(names)} as record, 0 as fault
            from (select {", ".join(["line", *texts])} from ({self.fields}))
        """


def _declared_rows(connection: duckdb.DuckDBPyConnection, file: str) -> int:
    row = connection.execute(
        f"select max(num_rows) from (select num_rows from parquet_file_metadata({file}) union all "
        "select sum(rows) from (select row_group_id, max(row_group_num_rows) as rows "
        f"from parquet_metadata({file}) group by row_group_id))"
    ).fetchone()
    return int(row[0] or 0) if row else 0


def is_moment(kind: str) -> bool:
    """Whether the type is a date or a timestamp."""
    return kind.startswith(("TIMESTAMP", "DATE"))


def moment_sql(field: str, kind: str, time_zone: str) -> str:
    """A date or timestamp field as DATE, or as TIMESTAMP in local time."""
    if kind.startswith("TIMESTAMP WITH TIME ZONE") or kind == "TIMESTAMPTZ":
        field = f"timezone({sql_literal(time_zone)}, {field})"
    return f"cast({field} as {'date' if kind == 'DATE' else 'timestamp'})"


def text_sql(field: str, kind: str, time_zone: str) -> str:
    """The field as the text that a CSV file would hold."""
    if is_moment(kind):
        moment = moment_sql(field, kind, time_zone)
        return (
            f"case when isfinite({moment}) and year({moment}) between 1 and 9999 then cast({moment} as varchar) "
            f"when {field} is not null then {_FAR_PAST} end"
        )
    if kind in {"DOUBLE", "FLOAT"}:
        return (
            f"case when not contains(cast({field} as varchar), 'e') then cast({field} as varchar) "
            f"when abs({field}) >= 1 then format('{{:.0f}}', cast({field} as double)) "
            f"else format('{{:.20f}}', cast({field} as double)) end"
        )
    return f"cast({field} as varchar)"
