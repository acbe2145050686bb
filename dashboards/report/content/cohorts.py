"""Cohorts: persistency by quarter of issue, retention by quarter of first cover, and moves between stages."""

from __future__ import annotations

from dashboards.report.content.charts import group_chart
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.lifecycle_sentences import month_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Point,
    Series,
    Table,
    Text,
)
from dashboards.report.content.policy_sentences import latest_tested_quarter
from dashboards.report.content.tables import remarks_on
from dashboards.report.number_text import NOTHING

_COHORTS = 12  # cohorts in a table
_QUARTERS_SINCE = 8  # columns of the table of retention, without the quarter of first cover itself


def persistency_by(material: Material, group_by: str) -> Chart | None:
    """Persistency at 13 months by group, of the latest quarter of issue that is mature."""
    tested = latest_tested_quarter(material, "persistency_13")
    if tested is None:
        return None
    definition = material.definitions["persistency_13"]
    title = material.text(
        "persistency.by_group",
        metric=definition.label,
        group=material.grouping_in_text(group_by),
        quarter=tested.period,
    )
    return group_chart(
        material,
        f"persistency-{group_by}",
        title,
        group_by=group_by,
        rows=material.release.rows([tested.period], group_by, ["persistency_13"]),
        definition=definition,
        period=tested,
    )


def persistency_cohorts(material: Material, section: str, *metrics: str) -> list[Block]:
    """Quarters of issue downwards, test months across."""
    t, shown = material.text, material.known(*metrics)
    columns = (
        Column(t("persistency.issued_in"), numeric=False),
        Column(t("persistency.policies"), hint=t("persistency.policies_hint")),
        *(Column(definition.label) for definition in shown),
    )
    lines: list[tuple[Cell, ...]] = [
        (
            Text(period.period, head=True),
            part_of(material.total("persistency_13", period.period), "n"),
            *(value_of(material.total(d.metric, period.period), d) for d in shown),
        )
        for period in material.quarter.history[-_COHORTS:]
    ]
    notes = tuple(remarks_on(material, lines))
    return [Table(f"{section}-cohorts", t("persistency.caption"), columns, tuple(lines), notes, heat=True)]


def _retention_numbers(material: Material) -> dict[tuple[str, str], Number]:
    """The share still insured, by quarter of first cover and quarter."""
    definition = material.definitions["retention"]
    return {(row.group_value, row.period): value_of(row, definition) for row in material.rows("retention")}


def retained_after(material: Material, *quarters: int) -> Chart | None:
    """Lines over quarters of first cover: the share still insured so many quarters later."""
    lines = [Series(material.text("retention.after", quarters=since), _retained(material, since)) for since in quarters]
    last = {one.name: [p for p in one.points if p.number.value is not None][-1:] for one in lines}
    series = tuple(one for one in lines if last[one.name])
    if not series:
        return None
    title = material.text("retention.over_cohorts")
    words = [f"{name} {material.say(p.number)} ({p.label})" for name, points in last.items() for p in points]
    description = f"{title}. {material.texts.listed(words)}."
    return Chart("retention-after", ChartKind.LINES, title, description, series, material.grouping("cohort"))


def _retained(material: Material, since: int) -> tuple[Point, ...]:
    history, numbers = material.quarter.history, _retention_numbers(material)
    nothing = Number(None, NumberFormat.RATE)
    seen = [*history[since:], *[None] * since][: len(history)]
    return tuple(
        Point(
            cohort.period,
            cohort.period,
            numbers.get((cohort.period, later.period), nothing) if later else nothing,
            later is not None and later.in_progress,
        )
        for cohort, later in zip(history, seen, strict=True)
    )


def retention_cohorts(material: Material, section: str) -> list[Block]:
    """Quarters of first cover downwards, quarters since across."""
    t, numbers = material.text, _retention_numbers(material)
    sizes = {row.group_value: part_of(row, "denominator") for row in material.rows("retention")}
    periods = [period.period for period in material.quarter.history]
    lines: list[tuple[Cell, ...]] = []
    for place, cohort in list(enumerate(periods))[-_COHORTS:]:
        if cohort in sizes:
            seen = [*periods[place:], *[""] * _QUARTERS_SINCE][: _QUARTERS_SINCE + 1]
            cells = [numbers.get((cohort, period)) or Text("") for period in seen]
            lines.append((Text(cohort, head=True), sizes[cohort], *cells))
    columns = (
        Column(material.grouping("cohort"), numeric=False),
        Column(t("retention.customers")),
        *(Column(t("retention.since", quarters=since)) for since in range(_QUARTERS_SINCE + 1)),
    )
    notes = (t("retention.note", quarters=_QUARTERS_SINCE), *remarks_on(material, lines))
    return [Table(f"{section}-cohorts", t("retention.caption"), columns, tuple(lines), notes, heat=True)]


def stage_moves(material: Material, _: str) -> list[Block]:
    """Stages a month before downwards, stages at the end of the quarter's last month across."""
    month = month_of(material)
    moved = {row.group_value: row for row in material.release.rows([month], "transition", ["stage_transitions"])}
    if not moved:
        return []
    names, definition = material.release.group_labels("stage"), material.definitions["stage_transitions"]
    lines: list[tuple[Cell, ...]] = []
    for before, label in names.items():
        found = [moved.get(f"{before}>{after}") for after in names]
        cells: list[Cell] = [value_of(row, definition) if row else Text(NOTHING, mark="muted") for row in found]
        lines.append((Text(label, head=True), *cells))
    columns = (Column(material.text("lifecycle.before"), numeric=False), *(Column(label) for label in names.values()))
    caption, note = material.text("lifecycle.moves", month=month), material.text("lifecycle.moves_note")
    return [Table("stage-moves", caption, columns, tuple(lines), (note,))]
