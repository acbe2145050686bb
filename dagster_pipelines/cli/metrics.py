"""`needloop metrics`: the published numbers, or their definitions, as a table, CSV or JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

import click
import duckdb
import pyarrow.csv
from rich.console import Console
from rich.table import Table

from dagster_pipelines.cli.metric_definitions import describe
from dagster_pipelines.cli.options import data_option, published_release, settings_from

ROWS_ON_SCREEN = 200


@click.command()
@click.option("--period", help="Only this period, as 2026Q3 or 2026-09.")
@click.option("--metric", help="Only this metric, as resolution_rate.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "table"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option("--describe", "described", is_flag=True, help="Show the definitions of the metrics, not their numbers.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the definitions."
)
@data_option
def metrics(
    *,
    period: str | None,
    metric: str | None,
    form: Literal["csv", "json", "table"],
    described: bool,
    lang: Literal["zh", "en"],
    data: Path | None,
) -> None:
    """Show metric_values of the published release, or with --describe the metrics' definitions."""
    with published_release(settings_from(data=data)) as connection:
        if described:
            describe(connection, metric, lang, form)
            return
        found = _select(connection, period, metric)
        if not found:
            raise click.ClickException(_nothing_found(connection, period, metric))
        if form == "csv":
            _write_csv(connection)
        elif form == "json":
            _write_json(connection)
        else:
            _write_table(connection, found)


def _select(connection: duckdb.DuckDBPyConnection, period: str | None, metric: str | None) -> int:
    connection.execute(
        "create temp table selected as select * from marts.metric_values "
        "where coalesce(period = $period, true) and coalesce(metric = $metric, true) "
        "order by metric, period_type, period, group_by, group_value",
        {"period": period, "metric": metric},
    )
    # fetch everything, to free the connection for the next query
    return int(connection.execute("select count(*) from selected").fetchall()[0][0])


def _nothing_found(connection: duckdb.DuckDBPyConnection, period: str | None, metric: str | None) -> str:
    row = connection.execute(
        "select min(period) filter (period_type = 'quarter'), max(period) filter (period_type = 'quarter'), "
        "string_agg(distinct metric, ', ' order by metric) from marts.metric_values"
    ).fetchone()
    first, last, names = row or ("", "", "")
    asked = " and ".join(
        text for text in (f"period {period}" if period else "", f"metric {metric}" if metric else "") if text
    )
    return f"No published number for {asked}. Published: quarters {first} to {last} of {names}."


def _write_csv(connection: duckdb.DuckDBPyConnection) -> None:
    pyarrow.csv.write_csv(
        connection.sql("from selected").to_arrow_table(),
        sys.stdout.buffer,
        pyarrow.csv.WriteOptions(quoting_style="needed"),
    )


def _write_json(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("from selected")
    names = [column[0] for column in rows.description or ()]
    json.dump([dict(zip(names, row, strict=True)) for row in rows.fetchall()], sys.stdout, ensure_ascii=False, indent=1)
    click.echo()


def _write_table(connection: duckdb.DuckDBPyConnection, found: int) -> None:
    rows = connection.execute(f"from selected limit {ROWS_ON_SCREEN}")
    table = Table(*[column[0] for column in rows.description or ()])
    for row in rows.fetchall():
        table.add_row(
            *["" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row]
        )
    Console().print(table)
    if found > ROWS_ON_SCREEN:
        click.echo(f"{ROWS_ON_SCREEN} of {found} rows. Narrow down with --period or --metric, or use --format csv.")
