"""What `needloop metrics --describe` prints: each metric's definition in the published release."""

from __future__ import annotations

import csv
import json
import sys
from typing import Any, Literal

import click
import duckdb
from rich.console import Console
from rich.table import Table

Language = Literal["zh", "en"]

_FIELDS = {
    "metric": {"zh": "指标", "en": "metric"},
    "label": {"zh": "名称", "en": "name"},
    "description": {"zh": "定义", "en": "definition"},
    "numerator": {"zh": "分子", "en": "numerator"},
    "denominator": {"zh": "分母", "en": "denominator"},
    "factor": {"zh": "系数", "en": "factor"},
    "unit": {"zh": "单位", "en": "unit"},
    "direction": {"zh": "方向", "en": "better"},
    "additivity": {"zh": "可加性", "en": "over groups"},
    "owner": {"zh": "归口部门", "en": "owner"},
    "groupings": {"zh": "分组", "en": "groupings"},
    "periods": {"zh": "期间", "en": "periods"},
    "sources": {"zh": "来源表", "en": "source tables"},
}


def describe(
    connection: duckdb.DuckDBPyConnection, metric: str | None, language: Language, form: Literal["csv", "json", "table"]
) -> None:
    """Print the definitions in a language. Raises ClickException when no metric has that name."""
    rows = metric_definitions(connection, metric, language)
    if not rows:
        known = connection.execute("select string_agg(metric, ', ' order by display_order) from marts.dim_metric")
        names = (known.fetchone() or ("",))[0]
        raise click.ClickException(f"There is no metric {metric}. Use one of: {names}.")
    if form == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, list(_FIELDS), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: "; ".join(v) if isinstance(v, list) else v for key, v in row.items()} for row in rows)
    else:
        _print_tables(rows, language)


def metric_definitions(
    connection: duckdb.DuckDBPyConnection, metric: str | None, language: Language
) -> list[dict[str, Any]]:
    """All definitions in the release, or one, in display order.

    Units, directions, additivity and owners are shown by their labels; groupings and periods as published.
    """
    labelled = ", ".join(
        f"coalesce((select label_{language} from marts.dim_group_value where group_by in {places} "
        f"and group_value = definition.{field} limit 1), definition.{field}) as {field}"
        for field, places in (
            ("unit", "('unit')"),
            ("direction", "('direction')"),
            ("additivity", "('additivity')"),
            ("owner", "('owner', 'owner_department')"),
        )
    )
    found = connection.execute(
        f"""
        with definition as (from marts.dim_metric where coalesce(metric = $metric, true)),
        groupings as (
            select metric, list(distinct group_by order by group_by) as groupings from marts.metric_values
            where group_by <> 'all' group by metric
        ),
        periods as (
            select metric, list(span order by span) as periods from (
                select metric, period_type || ' ' || min(period) || ' – ' || max(period) as span
                from marts.metric_values group by metric, period_type
            ) group by metric
        ),
        sources as (
            select metric, list(input_name order by input_name) as sources from marts.mart_metric_inputs
            where kind = 'source' group by metric
        )
        select definition.metric, label_{language} as label, description_{language} as description,
            numerator_{language} as numerator, denominator_{language} as denominator, factor, {labelled},
            coalesce(groupings, []) as groupings, coalesce(periods, []) as periods, coalesce(sources, []) as sources
        from definition
        left join groupings using (metric) left join periods using (metric) left join sources using (metric)
        order by display_order
        """,
        {"metric": metric},
    )
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{field: row[field] for field in _FIELDS} for row in rows]


def _print_tables(rows: list[dict[str, Any]], language: Language) -> None:
    console = Console()
    for row in rows:
        table = Table(title=f"{row['label']}  {row['metric']}", title_justify="left", show_header=False, expand=True)
        table.add_column(ratio=1, no_wrap=True)
        table.add_column(ratio=6, overflow="fold")
        for field, titles in _FIELDS.items():
            if field not in ("metric", "label") and row[field] not in (None, [], ""):
                value = row[field]
                table.add_row(
                    titles[language],
                    ", ".join(value) if isinstance(value, list) else f"{value:g}" if field == "factor" else str(value),
                )
        console.print(table)
