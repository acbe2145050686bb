"""Blocks that any section may hold: figures, groups, leagues, movements, key figures and notes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.charts import trend_chart
from dashboards.report.content.figures import COMPARISONS, change_of, part_of, value_of
from dashboards.report.content.material import Material, listed
from dashboards.report.content.model import Block, ChartKind, KeyFigure, KeyFigures, Note
from dashboards.report.content.tables import group_table, metric_table, movement_table
from dashboards.report.release import MetricDefinition

LEAGUE_END = 20  # groups shown at each end of a league table


def note(material: Material, key: str) -> Note:
    """A text in the place of a block without data."""
    return Note(material.text(key), "empty" if key.startswith("empty.") else "remark")


def in_progress_note(material: Material, _: str) -> list[Block]:
    """That the quarter is not over."""
    return [Note(material.text("note.in_progress"), "warning")] if material.quarter.now.in_progress else []


def without(material: Material, _: str, rows: str, key: str) -> list[Block]:
    """A text where the release has none of some rows."""
    return [] if material.rows(rows) else [note(material, key)]


def key_figures(material: Material, _: str, *metrics: str) -> list[Block]:
    """Headline numbers with what they are made of, their changes and their course."""
    figures = tuple(_key_figure(material, definition) for definition in material.known(*metrics))
    return [KeyFigures(figures)] if figures else []


def _key_figure(material: Material, definition: MetricDefinition) -> KeyFigure:
    row = material.total(definition.metric)
    parts = (
        (material.text("column.numerator"), part_of(row, "numerator")),
        (material.text("column.denominator"), part_of(row, "denominator")),
    )
    return KeyFigure(
        metric=definition.metric,
        label=definition.label,
        number=value_of(row, definition),
        parts=tuple((name, number) for name, number in parts if number.value is not None),
        changes=tuple(change_of(row, definition, material.quarter, one) for one in COMPARISONS),
        trend=trend_chart(material, f"spark-{definition.metric}", definition.label, [definition], ChartKind.SPARKLINE),
        in_progress=material.quarter.now.in_progress,
    )


def figures(material: Material, section: str, *metrics: str, domain: str = "") -> list[Block]:
    """A table of metrics over all groups: the metrics named, or all of a domain."""
    shown = material.totals_of(domain) if domain else material.known(*metrics)
    caption = material.text(f"{section}.caption")
    return [metric_table(material, f"{section}-figures", caption, shown)] if shown else []


def figures_by_domain(material: Material, section: str) -> list[Block]:
    """A table a domain with all its metrics."""
    domains = dict.fromkeys(definition.section for definition in material.definitions.values())
    return [
        metric_table(
            material,
            f"all-{section}-{domain}",
            material.text(f"{section}.caption", section=material.text(f"domain.{domain}")),
            material.totals_of(domain),
        )
        for domain in domains
    ]


def groups(
    material: Material,
    section: str,
    *,
    by: str | Sequence[str],
    metrics: Sequence[str],
    name: str = "",
    caption: str = "groupings.caption",
    hide_small: bool = False,
) -> list[Block]:
    """A table a grouping, with several metrics each."""
    return [
        group_table(
            material,
            name or f"{section}-{group_by}",
            material.text(caption, group=material.grouping_in_text(group_by)),
            group_by=group_by,
            rows=rows,
            metrics=[d for d in material.known(*metrics) if any(row.metric == d.metric for row in rows)],
            hide_small=hide_small,
        )
        for group_by in listed(by)
        if (rows := material.group(group_by, metrics))
    ]


def league(
    material: Material, _: str, *, by: str, ranked_by: str, metrics: Sequence[str], name: str, caption: str
) -> list[Block]:
    """Groups ranked by one metric; rates of too few cases are hidden and have no place."""
    ranked = material.release.league(material.period, by, metrics, by=ranked_by, ends=LEAGUE_END)
    if not ranked.rows:
        return []
    notes = [material.text("branches.more", end=LEAGUE_END, count=ranked.groups)]
    return [
        group_table(
            material,
            name,
            material.text(caption, metric=material.label(ranked_by)),
            group_by=by,
            rows=ranked.rows,
            metrics=material.known(*metrics),
            places=ranked.places,
            notes=notes if ranked.groups > 2 * LEAGUE_END else (),
        )
    ]


def movements(material: Material, _: str, *, metric: str, by: str, name: str, caption: str) -> list[Block]:
    """The groups of one metric with their changes."""
    rows = material.group(by, [metric])
    title = material.text(caption, metric=material.label(metric), group=material.grouping_in_text(by))
    return [movement_table(material, name, title, group_by=by, rows=rows, metric=metric)] if rows else []
