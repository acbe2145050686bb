"""Deletes a person's rows throughout the warehouse, within the open transaction.

A customer's rows are those with their customer_id. Rows that depend on a deleted contract or need, such as a premium or
a note, are deleted too. Other people's rows stay, with references to deleted rows cleared. Rejected rows are stored as
text; those that contain one of the person's ids are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dagster_pipelines.landing.erased_people import hash_sql, padded, unit_is
from expectations.failing_keys import BETWEEN_PARTS
from needloop.contract.model import Contract, Table
from needloop.contract.ownership import PERSON, mentioning_columns, owner_columns, person_column
from needloop.sql_text import sql_literal

FORGOTTEN = "forgotten"
_BY_LOAD = "forgotten_by_load"
_IDENTIFIERS = "person_identifiers"
_DERIVED = ("intermediate", "marts", "analytics", "pipeline", "quality")
_BETWEEN_FIELDS = r'[,;|"\s{}\[\]:]+'


@dataclass(frozen=True)
class Erased:
    """What was erased in one table."""

    place: str
    rows: int
    cleared: int = 0


class PersonRows:
    """The rows of one customer, and their deletion."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, customer_id: str) -> None:
        self._connection = connection
        self._contract = contract
        self._customer_id = customer_id

    def erase(self) -> list[Erased]:
        """Deletes everything; returns what was deleted by table, omitting untouched tables."""
        execute = self._connection.execute
        execute(f"create or replace temp table {FORGOTTEN} (entity varchar, number varchar)")
        execute(f"create or replace temp table {_BY_LOAD} (load_id bigint, was_loaded boolean, rows bigint)")
        execute(f"insert into {FORGOTTEN} values (?, ?)", [PERSON, self._customer_id])
        self._collect_identifiers()
        erased = [self._delete_own(table) for table in self._contract.tables if person_column(table) is not None]
        erased += [self._delete_dependent(table) for table in self._contract.tables]
        erased.append(self._delete_assignments())
        erased += [self._clear_mentions(table) for table in self._contract.tables]
        erased.append(self._delete_rejects())
        self._count_as_ignored()
        erased += self._delete_derived()
        return [one for one in erased if one.rows or one.cleared]

    def remember(self, key: bytes) -> None:
        """Stores keyed hashes of the person and of the rows that later deliveries could reference."""
        owners = {c.references for t in self._contract.tables for c in owner_columns(t, self._contract)}
        mentioned = {c.references for t in self._contract.tables for c in mentioning_columns(t, self._contract)}
        for entity in sorted({PERSON, *map(str, owners), *map(str, mentioned)}):
            self._connection.execute(
                f"insert into landing.erased_keys select distinct '{entity}', hashed from (select "
                f"{hash_sql(entity, 'number')} as hashed from {FORGOTTEN} where entity = '{entity}') "
                f"where hashed not in (select key_hash from landing.erased_keys where entity = '{entity}')",
                padded(key),
            )

    def _collect_identifiers(self) -> None:
        """Texts that identify a rejected row as the person's: unique ids, and the name."""
        self._connection.execute(
            f"""
            create or replace temp table {_IDENTIFIERS} as
            select distinct unnest([mobile, id_number]) as text, false as is_name
            from raw.crm__customers where customer_id = $id
            union select $id, false
            union select full_name, true from raw.crm__customers where customer_id = $id
            """,
            {"id": self._customer_id},
        )
        self._connection.execute(f"delete from {_IDENTIFIERS} where text is null")

    def _delete_own(self, table: Table) -> Erased:
        person = person_column(table)
        assert person is not None  # noqa: S101  (the caller has checked)
        raw, (key,) = f"raw.{table.raw_name}", table.key
        condition = f'"{person.name}" = {sql_literal(self._customer_id)}'
        if table.full_name != PERSON:
            self._connection.execute(
                f"insert into {FORGOTTEN} select distinct '{table.full_name}', \"{key}\" from {raw} where {condition}"
            )
        rows = self._delete(raw, condition)
        if table.full_name != PERSON:
            # A contract that was transferred to another customer stays.
            self._connection.execute(
                f"delete from {FORGOTTEN} where entity = '{table.full_name}' "
                f'and number in (select "{key}" from {raw})'
            )
        return Erased(raw, rows)

    def _delete_dependent(self, table: Table) -> Erased:
        raw, rows = f"raw.{table.raw_name}", 0
        for column in owner_columns(table, self._contract):
            condition = f'"{column.name}" in ({_numbers(column.references)})'
            (key,) = table.key
            self._connection.execute(
                f"insert into {FORGOTTEN} select distinct '{table.full_name}', \"{key}\" from {raw} where {condition}"
            )
            rows += self._delete(raw, condition)
        return Erased(raw, rows)

    def _delete_assignments(self) -> Erased:
        raw = "raw.experiment__assignments"
        units = " or ".join(
            f"(unit_id in ({_numbers(entity)}) and {unit_is(entity)})" for entity in (PERSON, "crm.needs")
        )
        self._connection.execute(
            f"insert into {FORGOTTEN} select distinct 'experiment.assignments', assignment_id from {raw} where {units}"
        )
        return Erased(raw, self._delete(raw, units))

    def _clear_mentions(self, table: Table) -> Erased:
        raw, cleared = f"raw.{table.raw_name}", 0
        for column in mentioning_columns(table, self._contract):
            row = self._connection.execute(
                f'update {raw} set "{column.name}" = null where "{column.name}" in ({_numbers(column.references)})'
            ).fetchone()
            cleared += int(row[0]) if row else 0
        return Erased(raw, 0, cleared)

    def _delete_rejects(self) -> Erased:
        self._connection.execute(
            f"""
            create or replace temp table forgotten_rejects as
            select reject.rowid as id, reject.load_id from landing.rejects as reject
            where exists (
                select 1 from {_IDENTIFIERS}
                where regexp_matches(record, '(^|[^0-9A-Za-z])' || regexp_escape(text) || '($|[^0-9A-Za-z])')
                    and not is_name
                    or is_name and table_name = '{PERSON}' and contains(record, text)
            )
            union
            select fields.id, fields.load_id from (
                select rowid as id, load_id, unnest(string_split_regex(record, '{_BETWEEN_FIELDS}')) as word
                from landing.rejects
            ) as fields semi join {FORGOTTEN} on word = number
            """
        )
        self._connection.execute(
            f"insert into {_BY_LOAD} select load_id, false, count(*) from forgotten_rejects group by load_id"
        )
        row = self._connection.execute(
            "delete from landing.rejects where rowid in (select id from forgotten_rejects)"
        ).fetchone()
        self._connection.execute("drop table forgotten_rejects")
        return Erased("landing.rejects", int(row[0]) if row else 0)

    def _delete(self, raw: str, condition: str) -> int:
        self._connection.execute(
            f"insert into {_BY_LOAD} select _load_id, true, count(*) from {raw} where {condition} group by _load_id"
        )
        row = self._connection.execute(f"delete from {raw} where {condition}").fetchone()
        return int(row[0]) if row else 0

    def _count_as_ignored(self) -> None:
        """Keeps the load log consistent: rows = loaded + ignored + rejected, and loaded matches raw."""
        self._connection.execute(
            f"""
            update landing.loads set
                loaded = loaded - moved.were_loaded, rejected = rejected - moved.were_rejected,
                ignored = ignored + moved.were_loaded + moved.were_rejected,
                erased = erased + moved.were_loaded + moved.were_rejected
            from (
                select load_id, coalesce(sum(rows) filter (was_loaded), 0) as were_loaded,
                    coalesce(sum(rows) filter (not was_loaded), 0) as were_rejected
                from {_BY_LOAD} group by load_id
            ) as moved
            where loads.load_id = moved.load_id
            """
        )

    def _delete_derived(self) -> list[Erased]:
        """Deletes derived rows and archived rows of closed quarters, by every column that references a deleted row."""
        names = {t.key[0]: t.full_name for t in self._contract.tables if len(t.key) == 1}
        key_of_person = (
            f"select customer_key from pipeline.customer_keys where customer_id = {sql_literal(self._customer_id)}"
        )
        conditions = {
            **{column: f'"{column}" in ({_numbers(entity)})' for column, entity in names.items()},
            "referred_by": f'"referred_by" in ({_numbers(PERSON)})',
            "unit_id": f'"unit_id" in (select number from {FORGOTTEN})',
            "item_id": f'"item_id" in (select number from {FORGOTTEN})',
            "row_key": f'"row_key" in (select number from {FORGOTTEN} union all from persons_key)',
            "customer_key": '"customer_key" in (from persons_key)',
            "key": _names_the_person('"key"'),
        }
        execute = self._connection.execute
        execute(f"create or replace temp table persons_key as {key_of_person}")
        execute(
            "set variable gone = (select list(number) from "
            f"(select number from {FORGOTTEN} union select customer_key from persons_key))"
        )
        columns = execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() semi join duckdb_tables() "
            "using (database_oid, schema_oid, table_oid) where database_name = current_database() and not internal "
            f"and (schema_name in {_DERIVED} or starts_with(schema_name, 'closing_'))"
        ).fetchall()
        by_table: dict[str, list[str]] = {}
        for schema, table, column, kind in columns:
            place = f'{schema}."{table}"'
            if kind == "VARCHAR[]":
                execute(
                    f'update {place} set "{column}" = list_filter("{column}", lambda one: '
                    f'not {_names_the_person("one")}) where len(list_filter("{column}", lambda one: '
                    f"{_names_the_person('one')})) > 0"
                )
            elif column in conditions:
                by_table.setdefault(place, []).append(conditions[column])
        rows = {
            place: execute(f"delete from {place} where {' or '.join(c)}").fetchone() for place, c in by_table.items()
        }
        return [Erased(place.replace('"', ""), int(row[0])) for place, row in rows.items() if row]


def _names_the_person(key: str) -> str:
    """SQL: whether a row key, whose parts are separated by slashes as in failing_keys, has a part of the person."""
    return f"list_has_any(string_split({key}, '{BETWEEN_PARTS}'), getvariable('gone'))"


def _numbers(entity: str | None) -> str:
    return f"select number from {FORGOTTEN} where entity = '{entity}'"
