"""An analysis is estimated anew when its inputs change, and only then."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from dagster_pipelines.analytics.analysis import Analysis, Tables
from dagster_pipelines.analytics.run import create_result_tables, run_analysis

SCHEMA = pa.schema({"total": pa.int64()})


def analysis(calls: list[int]) -> Analysis:
    """Sums its input, and keeps what it was called with."""

    def estimate(inputs: Tables) -> Tables:
        total = sum(inputs["numbers"]["number"].to_pylist())
        calls.append(total)
        return {"sums": pa.table({"total": [total]}, schema=SCHEMA)}

    return Analysis("sums", (), {"numbers": "select number from numbers order by number"}, {"sums": SCHEMA}, estimate)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create table numbers as select * from (values (1), (2)) as given(number)")
        yield opened


def test_only_what_has_new_inputs_is_estimated(connection: duckdb.DuckDBPyConnection) -> None:
    calls: list[int] = []
    create_result_tables(connection, [analysis(calls)])
    assert connection.execute("select count(*) from analytics.sums").fetchall() == [(0,)]
    assert [run_analysis(connection, analysis(calls)) for _ in range(2)] == [True, False]
    connection.execute("insert into numbers values (3)")
    assert [run_analysis(connection, analysis(calls)) for _ in range(2)] == [True, False]
    connection.execute("update numbers set number = 4 where number = 3")
    assert run_analysis(connection, analysis(calls))
    assert calls == [3, 6, 7]
    assert connection.execute("select total from analytics.sums").fetchall() == [(7,)]


def test_tables_that_are_there_are_left_alone(connection: duckdb.DuckDBPyConnection) -> None:
    calls: list[int] = []
    create_result_tables(connection, [analysis(calls)])
    run_analysis(connection, analysis(calls))
    create_result_tables(connection, [analysis(calls)])
    assert connection.execute("select total from analytics.sums").fetchall() == [(3,)]
