"""The warehouse's own tables: made once, brought up to date without loss, refused when they are too new."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from needloop.contract.model import Column, Contract, load_contract
from needloop.warehouse.schema import (
    MIGRATIONS,
    WarehouseVersionError,
    bring_up_to_date,
    newest_version,
    version_of,
)

CONTRACT = load_contract()
# What a warehouse had in the days before its tables had a version.
BEFORE_VERSIONS = """
create schema pipeline; create schema landing; create sequence landing.load_ids start 8;
create table pipeline.builds (
    release_id varchar not null, run_id varchar not null, fingerprint varchar not null, requested_as_of date,
    as_of date not null, load_id bigint not null, recorded_at timestamp not null default current_localtimestamp()
);
insert into pipeline.builds values ('r1', 'run', 'f', null, date '2026-09-30', 7, timestamp '2026-10-01 02:00:00');
create table landing.loads (
    load_id bigint not null, batch_id varchar not null, file varchar not null, table_name varchar not null,
    status varchar not null, reason varchar, message varchar, repeat_of varchar, content_hash varchar,
    bytes bigint not null, encoding varchar, rows_in_file bigint not null, loaded bigint not null,
    ignored bigint not null, rejected bigint not null, loaded_at timestamp not null, seconds double not null
);
insert into landing.loads values
    (7, 'run', 'crm/needs/a.csv', 'crm.needs', 'taken', null, null, null, 'h', 10, 'utf-8', 3, 2, 1, 0,
     timestamp '2026-10-01 01:00:00', 0.1);
"""
ONE_MORE_STEP = f"""
from alembic import op

revision = "v999"
down_revision = "{newest_version()}"


def upgrade() -> None:
    op.execute("alter table pipeline.builds add column built_by varchar")
    op.execute("update pipeline.builds set built_by = 'nobody'")
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def with_one_more_step(tmp_path: Path) -> Path:
    """The steps of this program and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "v999_builder.py").write_text(ONE_MORE_STEP, "utf-8")
    return folder


def tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()


def publisher(**spec: Any) -> Column:
    """A column of text that the contract lacks."""
    names = {"name": "publisher", "called": "publisher", "staged_as": "publisher", "description": "Who publishes it."}
    return Column.model_validate({**names, "type": "text", "personal": "none", **spec})


def contract_with(table: str, *columns: Column, without: str = "") -> Contract:
    """The contract with columns of one table added or left out."""
    changed = [
        one.model_copy(update={"columns": (*(c for c in one.columns if c.name != without), *columns)})
        if one.full_name == table
        else one
        for one in CONTRACT.tables
    ]
    return CONTRACT.model_copy(update={"tables": tuple(changed)})


def test_an_empty_warehouse_gets_every_table_and_the_version(connection: duckdb.DuckDBPyConnection) -> None:
    done = bring_up_to_date(connection, CONTRACT)
    assert (done.before, done.after) == (None, newest_version())
    assert version_of(connection) == newest_version()
    names = tables(connection)
    assert {name for schema, name in names if schema == "raw"} == {table.raw_name for table in CONTRACT.tables}
    assert {("landing", "loads"), ("pipeline", "builds"), ("closing", "quarters")} <= set(names)


def test_the_second_time_there_is_nothing_to_do(connection: duckdb.DuckDBPyConnection) -> None:
    bring_up_to_date(connection, CONTRACT)
    before = tables(connection)
    assert not bring_up_to_date(connection, CONTRACT)
    assert tables(connection) == before


def test_a_warehouse_from_before_versions_keeps_its_rows_and_gets_what_it_lacks(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(BEFORE_VERSIONS)
    assert bring_up_to_date(connection, CONTRACT).before is None
    assert version_of(connection) == newest_version()
    assert connection.execute(
        "select release_id, load_id, closed_quarters, erasures from pipeline.builds"
    ).fetchall() == [("r1", 7, 0, 0)]
    assert connection.execute("select load_id, loaded, ignored, erased from landing.loads").fetchall() == [(7, 2, 1, 0)]
    assert connection.execute("select nextval('landing.load_ids')").fetchall() == [(8,)]


def test_a_later_step_is_taken_on_top_of_what_is_there(
    connection: duckdb.DuckDBPyConnection, with_one_more_step: Path
) -> None:
    connection.execute(BEFORE_VERSIONS)
    bring_up_to_date(connection, CONTRACT)
    done = bring_up_to_date(connection, CONTRACT, with_one_more_step)
    assert (done.before, done.after, done.raw_tables) == (newest_version(), "v999", ())
    assert connection.execute("select release_id, built_by from pipeline.builds").fetchall() == [("r1", "nobody")]


def test_a_step_that_fails_leaves_everything_as_it_was(
    connection: duckdb.DuckDBPyConnection, with_one_more_step: Path
) -> None:
    step = with_one_more_step / "versions" / "v999_builder.py"
    step.write_text(ONE_MORE_STEP + '    op.execute("update pipeline.builds set no_such_column = 1")\n', "utf-8")
    bring_up_to_date(connection, CONTRACT)
    with pytest.raises(Exception, match="no_such_column"):
        bring_up_to_date(connection, CONTRACT, with_one_more_step)
    assert version_of(connection) == newest_version()
    columns = [row[0] for row in connection.execute("describe pipeline.builds").fetchall()]
    assert "built_by" not in columns
    assert not bring_up_to_date(connection, CONTRACT)


def test_a_warehouse_of_a_newer_version_is_refused_and_left_alone(
    connection: duckdb.DuckDBPyConnection, with_one_more_step: Path
) -> None:
    bring_up_to_date(connection, CONTRACT, with_one_more_step)
    connection.execute("drop table raw.crm__needs")
    with pytest.raises(
        WarehouseVersionError, match=rf"newer version.*tables v999.*up to {newest_version()}.*needloop restore"
    ):
        bring_up_to_date(connection, CONTRACT)
    assert ("raw", "crm__needs") not in tables(connection)


def test_an_optional_column_that_the_contract_gains_is_added_and_empty_for_old_rows(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    bring_up_to_date(connection, CONTRACT)
    connection.execute(_one_row(connection))
    done = bring_up_to_date(connection, contract_with("external.indicators", publisher()))
    assert done.raw_tables == ("external.indicators",)
    assert connection.execute("select publisher, _line from raw.external__indicators").fetchall() == [(None, 2)]


def _one_row(connection: duckdb.DuckDBPyConnection) -> str:
    """An insert of one row with something in each required column."""
    described = connection.execute("describe raw.external__indicators").fetchall()
    some = {"VARCHAR": "'x'", "DATE": "date '2026-09-30'", "TIMESTAMP": "timestamp '2026-09-30'", "BOOLEAN": "false"}
    values = ["2" if name == "_line" else some.get(kind, "1") for name, kind, *_ in described]
    return f"insert into raw.external__indicators values ({', '.join(values)})"


def test_a_column_that_the_contract_drops_stays(connection: duckdb.DuckDBPyConnection) -> None:
    bring_up_to_date(connection, CONTRACT)
    assert not bring_up_to_date(connection, contract_with("crm.needs", without="source_text"))
    assert not bring_up_to_date(connection, CONTRACT)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (publisher(required=True), "publisher is required"),
        (publisher(name="value"), "value is DECIMAL.* but VARCHAR in the source contract"),
    ],
)
def test_what_a_contract_cannot_change_without_a_migration_is_refused(
    connection: duckdb.DuckDBPyConnection, column: Column, said: str
) -> None:
    bring_up_to_date(connection, CONTRACT)
    changed = contract_with("external.indicators", column, without=column.name)
    with pytest.raises(WarehouseVersionError, match=said):
        bring_up_to_date(connection, changed)
    assert not bring_up_to_date(connection, CONTRACT)


def test_each_step_names_the_one_before() -> None:
    files = sorted((MIGRATIONS / "versions").glob("v[0-9]*.py"))
    numbers = [file.stem.split("_")[0] for file in files]
    assert numbers == [f"v{number:03}" for number in range(1, len(files) + 1)]
