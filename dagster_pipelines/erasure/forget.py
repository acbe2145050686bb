"""Erases a customer: the transaction, its log entry, and the rewrite of the file that still holds the bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import duckdb

from dagster_pipelines.erasure.erasure_key import erasure_key_of
from dagster_pipelines.erasure.errors import ErasureError
from dagster_pipelines.erasure.person_rows import Erased, PersonRows
from dagster_pipelines.landing.erased_people import key_hash, remember_key
from expectations.check import Stage
from expectations.failing_keys import write_failing_keys
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.contract.ownership import PERSON
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.rewriting import NotRewrittenError, rewrite_warehouse
from needloop.warehouse.run_lock import run_lock
from needloop.warehouse.schema import bring_up_to_date


@dataclass(frozen=True)
class Erasure:
    """What was erased of a customer."""

    tables: tuple[Erased, ...]
    erased_before: datetime | None
    """When the customer was first erased, UTC; None if this is the first time."""

    @property
    def rows(self) -> int:
        """Deleted rows, over all tables."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True)
class PastErasure:
    """The log entry of an erasure."""

    erased_at: datetime
    erased_by: str
    customer_hash: str
    rows: int
    cleared: int
    places: tuple[str, ...]


def forget_customer(
    settings: Settings, customer_id: str, *, erased_by: str, confirmed: Callable[[Erasure], bool]
) -> Erasure | None:
    """Erases a customer from the warehouse, in one transaction under the run lock, and rewrites the file.

    `confirmed` gets a preview of what would be deleted; if it returns False, nothing is done and None returned.
    Raises ErasureError when the warehouse has no row of the customer, AnotherRunError while a run works on it,
    DamagedSecretError or LandingError when the erasure key has changed, NotRewrittenError when all rows
    are gone but the file or the lists of failing keys could not be rewritten, duckdb.Error and OSError when the
    warehouse cannot be used.
    """
    with run_lock(settings):
        if not settings.warehouse_file.exists():
            raise ErasureError(f"Nothing was loaded in {settings.data} yet, so there is nobody to erase. Check --data.")
        key = erasure_key_of(settings)
        with warehouse(settings) as connection:
            bring_up_to_date(connection, load_contract())
            erasure = _erase(connection, customer_id, key, erased_by, confirmed)
        if erasure is not None:
            _rewrite_failing_keys(settings)
            rewrite_warehouse(settings)
        return erasure


def past_erasures(connection: duckdb.DuckDBPyConnection) -> list[PastErasure]:
    """All erasures, the oldest first; empty for a warehouse that predates erasure."""
    there = "select 1 from duckdb_tables() where schema_name = 'pipeline' and table_name = 'erasures'"
    if not connection.execute(there).fetchall():
        return []
    known = connection.execute(
        "select erased_at, erased_by, customer_hash, sum(rows)::bigint, sum(cleared)::bigint, "
        "list(place order by place) from pipeline.erasures "
        "group by erased_at, erased_by, customer_hash order by erased_at"
    ).fetchall()
    return [PastErasure(at, by, who, rows, cleared, tuple(in_)) for at, by, who, rows, cleared, in_ in known]


def _rewrite_failing_keys(settings: Settings) -> None:
    """Rewrites the lists beside the data docs from the cleaned table."""
    try:
        with warehouse(settings) as connection:
            create_quality_tables(connection)
            for stage in get_args(Stage):
                write_failing_keys(connection, settings.quality, stage)
    except (duckdb.Error, OSError) as error:
        raise NotRewrittenError(
            f"the lists in {settings.quality / 'failing_keys'} could not be rewritten and may still name the "
            f"customer's rows: {str(error).splitlines()[0].rstrip('.')}. Fix the cause, then run the command again."
        ) from error


def _erase(
    connection: duckdb.DuckDBPyConnection,
    customer_id: str,
    key: bytes,
    erased_by: str,
    confirmed: Callable[[Erasure], bool],
) -> Erasure | None:
    customer_hash = key_hash(key, PERSON, customer_id)
    connection.execute("begin")
    try:
        remember_key(connection, key)
        before = connection.execute(
            "select min(erased_at) from pipeline.erasures where customer_hash = ?", [customer_hash]
        ).fetchone()
        person = PersonRows(connection, load_contract(), customer_id)
        erasure = Erasure(tuple(person.erase()), before[0] if before else None)
        _refuse_unknown(erasure)
        if not confirmed(erasure):
            connection.execute("rollback")
            return None
        person.remember(key)
        _record(connection, erasure, erased_by, customer_hash)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return erasure


def _refuse_unknown(erasure: Erasure) -> None:
    if not erasure.tables and erasure.erased_before is None:
        raise ErasureError(
            "The warehouse has no row of that customer, accepted or rejected. "
            "Give the customer_id as delivered in crm.customers."
        )


def _record(connection: duckdb.DuckDBPyConnection, erasure: Erasure, erased_by: str, customer_hash: str) -> None:
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for table in erasure.tables:
        connection.execute(
            "insert into pipeline.erasures values (?, ?, ?, ?, ?, ?)",
            [at, erased_by, customer_hash, table.place, table.rows, table.cleared],
        )
