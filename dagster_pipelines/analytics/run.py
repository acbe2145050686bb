"""Runs analyses on the warehouse, reading and writing whole tables as Arrow.

The fingerprint of an analysis covers its inputs, its code and its libraries' versions. An analysis with an unchanged
fingerprint is skipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_pipelines.analytics.analysis import Analysis

SCHEMA = "analytics"
_LIBRARIES = ("diff-diff", "scipy", "numpy", "pandas")
_RUNS = f"""
create table if not exists {SCHEMA}.runs (
    analysis varchar not null, fingerprint varchar not null, ran_at timestamp not null default current_localtimestamp()
)
"""


def create_result_tables(connection: duckdb.DuckDBPyConnection, analyses: Iterable[Analysis]) -> None:
    """Creates missing result tables, empty, so that the models that read them can be built."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    connection.execute(_RUNS)
    for analysis in analyses:
        for name, schema in analysis.results.items():
            _write(connection, name, schema.empty_table(), replace=False)


def run_analysis(connection: duckdb.DuckDBPyConnection, analysis: Analysis, *, anew: bool = False) -> bool:
    """Updates the results in one transaction; returns whether anything was estimated.

    `anew` estimates even if no input has changed.
    """
    now = _fingerprint(connection, analysis)
    known = connection.execute(f"select fingerprint from {SCHEMA}.runs where analysis = ?", [analysis.name]).fetchall()
    if known == [(now,)] and not anew:
        return False
    results = analysis.estimate(
        {name: connection.sql(query).to_arrow_table() for name, query in analysis.inputs.items()}
    )
    connection.execute("begin")
    for name, schema in analysis.results.items():
        _write(connection, name, results[name].cast(schema), replace=True)
    connection.execute(f"delete from {SCHEMA}.runs where analysis = ?", [analysis.name])
    connection.execute(f"insert into {SCHEMA}.runs (analysis, fingerprint) values (?, ?)", [analysis.name, now])
    connection.execute("commit")
    return True


def _write(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, *, replace: bool) -> None:
    connection.register("analysis_result", rows)
    create = "create or replace table" if replace else "create table if not exists"
    connection.execute(f"{create} {SCHEMA}.{name} as select * from analysis_result")
    connection.unregister("analysis_result")


def _fingerprint(connection: duckdb.DuckDBPyConnection, analysis: Analysis) -> str:
    digest = hashlib.sha256(_code().encode())
    for name, query in sorted(analysis.inputs.items()):
        content = connection.execute(
            f"select count(*), bit_xor(hash(input_row)), sum(hash(input_row)) from ({query}) as input_row"
        ).fetchall()
        digest.update(repr((name, content)).encode())
    return digest.hexdigest()


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    digest.update(repr([(library, version(library)) for library in _LIBRARIES]).encode())
    return digest.hexdigest()
