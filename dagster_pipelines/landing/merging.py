"""Merge checked rows into the raw table, by the table's load mode.

upsert: every version is kept. append: the first event of a key is kept, and its first void row; an identical duplicate
is ignored, a contradicting one is rejected. Only rows with duplicate keys, in the file or with the raw table, are
compared.
"""

from __future__ import annotations

import duckdb

from dagster_pipelines.landing.checking import CHECKED
from dagster_pipelines.landing.reasons import code_of
from dagster_pipelines.landing.stamp import Stamp
from needloop.contract.model import Table

VERDICTS = "landing_verdicts"
DUPLICATE_KEYS = "landing_duplicate_keys"


def resolve_duplicates(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Fill VERDICTS(_line, verdict) for valid rows that are not loaded: 'ignored' or 'conflict'."""
    connection.execute(f"create or replace temp table {VERDICTS} (_line bigint, verdict varchar)")
    if table.load == "upsert":
        return
    key = ", ".join(f'"{name}"' for name in table.key)
    raw = f"raw.{table.raw_name}"
    connection.execute(
        f"""
        create or replace temp table {DUPLICATE_KEYS} as
        select {key} from {CHECKED} where _code = 0 group by {key} having count(*) > 1
        union
        select {key} from {raw} semi join (select {key} from {CHECKED} where _code = 0) as sound using ({key})
        """
    )
    content = [column.name for column in table.columns if column.name != table.flag and not column.key]
    names = ", ".join([key, *(f'"{name}"' for name in content)])
    flag = f'coalesce("{table.flag}", false)'
    same = " and ".join(f'candidate."{name}" is not distinct from standing."{name}"' for name in content) or "true"
    connection.execute(
        f"""
        insert into {VERDICTS}
        with known as (
            select {names}, {flag} as is_void, 0::bigint as _line from {raw} semi join {DUPLICATE_KEYS} using ({key})
            union all
            select {names}, {flag} as is_void, _line
            from {CHECKED} semi join {DUPLICATE_KEYS} using ({key}) where _code = 0
        ),
        ranked as (select *, row_number() over (partition by {key}, is_void order by _line) as turn from known),
        standing as (select * from ranked where turn = 1)
        select
            candidate._line,
            case when candidate.is_void or ({same}) then 'ignored' else 'conflict' end
        from ranked as candidate join standing using ({key}, is_void)
        where candidate.turn > 1
        """
    )
    conflict = code_of("conflicting_duplicate", next(p for p, column in enumerate(table.columns) if column.key))
    connection.execute(
        f"""
        update {CHECKED} set _code = {conflict}, _found = cast("{table.key[0]}" as varchar)
        where _line in (select _line from {VERDICTS} where verdict = 'conflict')
        """
    )


def insert_valid_rows(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> int:
    """Insert the valid rows of CHECKED that are not duplicates. Returns their number."""
    sound = f"select * from {CHECKED} where _code = 0 and _line not in (select _line from {VERDICTS})"
    return insert_rows(connection, table, stamp, f"({sound})")


def insert_rows(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp, relation: str) -> int:
    """Insert the rows of a relation that has the table's columns and _line. Returns their number."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    inserted = connection.execute(
        f"""
        insert into raw.{table.raw_name} ({names}, _file, _line, _loaded_at, _batch_id, _load_id)
        select {names}, ?, _line, ?, ?, ? from {relation}
        """,
        [stamp.file, stamp.loaded_at, stamp.batch_id, stamp.load_id],
    ).fetchone()
    return int(inserted[0]) if inserted else 0
