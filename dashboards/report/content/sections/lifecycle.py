"""Customers by stage, tier and segment, how they move and stay, where cover is missing, and what to watch."""

from __future__ import annotations

from dashboards.report.content.blocks import chart_block, sentence_block
from dashboards.report.content.charts import group_chart, group_trend_chart, trend_chart
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.lifecycle_sentences import (
    gaps_and_warnings,
    largest_moves,
    longest_seen_cohort,
    month_of,
    retained_after_a_year,
    stages_message,
)
from dashboards.report.content.material import ALL, Material
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Point,
    Section,
    Series,
    Table,
    Text,
)
from dashboards.report.content.tables import movement_table, remarks_on
from dashboards.report.number_text import NOTHING

STANDINGS = (
    ("customers_in_stage", "stage"),
    ("customers_in_tier", "value_tier"),
    ("customers_in_segment", "segment"),
)
COHORTS = 12  # quarters of first cover in the table of retention
QUARTERS_SINCE = 8  # columns of that table, without the quarter of first cover itself
RETAINED_AFTER = (1, 4, 8)  # quarters since first cover in the chart


def stages(material: Material) -> Section:
    """Customers by stage, tier and segment, and their moves between stages."""
    t = material.texts.text
    title, lead = t("stages.title"), t("stages.lead")
    rows = {metric: material.group(group_by, [metric]) for metric, group_by in STANDINGS}
    if not rows["customers_in_stage"]:
        return Section("lifecycle", title, lead, (material.empty("empty.customers"),))
    blocks: list[Block] = sentence_block((largest_moves(material),))
    charts = [
        group_trend_chart(material, "stages", t("stages.over_time"), group_by="stage", definition=d)
        for d in material.known("customers_in_stage")
    ]
    charts += [
        group_chart(material, f"customers-by-{group_by}", d.label, group_by=group_by, rows=rows[metric], definition=d)
        for metric, group_by in STANDINGS
        for d in material.known(metric)
    ]
    blocks.append(chart_block(charts) or material.empty("empty.customers"))
    for metric, group_by in STANDINGS:
        if rows[metric]:
            caption = t("annex.caption", group=material.grouping(group_by), quarter=material.period)
            blocks.append(
                movement_table(
                    material, f"lifecycle-{group_by}", caption, group_by=group_by, rows=rows[metric], metric=metric
                )
            )
    moves = _moves(material)
    if moves is not None:
        blocks.append(moves)
    return Section("lifecycle", title, lead, tuple(blocks), message=stages_message(material))


def _moves(material: Material) -> Table | None:
    """Stages a month before downwards, stages at the end of the quarter's last month across."""
    t, month = material.texts.text, month_of(material)
    rows = material.release.rows([month], "transition", ["stage_transitions"])
    if not rows:
        return None
    moved = {row.group_value: row for row in rows}
    names = material.release.group_labels("stage")
    definition = material.definitions["stage_transitions"]
    lines: list[tuple[Cell, ...]] = []
    for before, label in names.items():
        found = [moved.get(f"{before}>{after}") for after in names]
        cells: list[Cell] = [value_of(row, definition) if row else Text(NOTHING, mark="muted") for row in found]
        lines.append((Text(label, head=True), *cells))
    columns = (Column(t("stages.before"), numeric=False), *(Column(label) for label in names.values()))
    caption = t("stages.moves", month=month)
    return Table("stage-moves", caption, columns, tuple(lines), (t("stages.moves_note"),))


def retention(material: Material) -> Section:
    """Of customers first insured in a quarter, those still insured, quarter by quarter."""
    t = material.texts.text
    title, lead = t("retention.title"), t("retention.lead")
    periods = [period.period for period in material.quarter.history]
    definitions = material.known("retention")
    rows = material.release.rows(periods, "cohort", ["retention"]) if definitions else []
    if not rows:
        return Section("retention", title, lead, (material.empty("empty.customers"),))
    definition = definitions[0]
    numbers = {(row.group_value, row.period): value_of(row, definition) for row in rows}
    now = [row for row in rows if row.period == material.period]
    charts = [
        _retained_after(material, numbers),
        group_chart(
            material,
            "retention-by-cohort",
            t("retention.by_cohort", quarter=material.period),
            group_by="cohort",
            rows=now,
            definition=definition,
        ),
    ]
    blocks: list[Block] = sentence_block((longest_seen_cohort(material, now),))
    blocks.append(chart_block(charts) or material.empty("empty.customers"))
    sizes = {row.group_value: part_of(row, "denominator") for row in rows}
    blocks.append(_cohorts(material, numbers, sizes))
    return Section("retention", title, lead, tuple(blocks), message=retained_after_a_year(material))


def _retained_after(material: Material, numbers: dict[tuple[str, str], Number]) -> Chart | None:
    """Lines over quarters of first cover: the share still insured so many quarters later."""
    t, history = material.texts.text, material.quarter.history
    series = []
    for since in RETAINED_AFTER:
        points = []
        for place, cohort in enumerate(history):
            later = history[place + since] if place + since < len(history) else None
            number = numbers.get((cohort.period, later.period)) if later else None
            points.append(
                Point(
                    cohort.period,
                    cohort.period,
                    number or Number(None, NumberFormat.RATE),
                    later is not None and later.in_progress,
                )
            )
        if any(point.number.value is not None for point in points):
            series.append(Series(t("retention.after", quarters=since), tuple(points)))
    if not series:
        return None
    title = t("retention.over_cohorts")
    last = [next(p for p in reversed(one.points) if p.number.value is not None) for one in series]
    words = [f"{one.name} {material.say(p.number)} ({p.label})" for one, p in zip(series, last, strict=True)]
    description = f"{title}. {material.texts.listed(words)}."
    axis = material.grouping("cohort")
    return Chart("retention-after", ChartKind.LINES, title, description, tuple(series), axis)


def _cohorts(material: Material, numbers: dict[tuple[str, str], Number], sizes: dict[str, Number]) -> Table:
    """Quarters of first cover downwards, quarters since across."""
    t, history = material.texts.text, material.quarter.history
    lines: list[tuple[Cell, ...]] = []
    for place, cohort in list(enumerate(history))[-COHORTS:]:
        if cohort.period not in sizes:
            continue
        seen = [history[i].period if i < len(history) else "" for i in range(place, place + QUARTERS_SINCE + 1)]
        cells = [numbers.get((cohort.period, period)) or Text("") for period in seen]
        lines.append((Text(cohort.period, head=True), sizes[cohort.period], *cells))
    columns = (
        Column(material.grouping("cohort"), numeric=False),
        Column(t("retention.customers")),
        *(Column(t("retention.since", quarters=since)) for since in range(QUARTERS_SINCE + 1)),
    )
    notes = (t("retention.note", quarters=QUARTERS_SINCE), *remarks_on(material, lines))
    return Table("retention-cohorts", t("retention.caption"), columns, tuple(lines), notes, heat=True)


def gaps(material: Material) -> Section:
    """Where customers lack cover, what may be recommended, and warnings."""
    t = material.texts.text
    title, lead = t("gaps.title"), t("gaps.lead")
    parts = (("coverage_gaps", "rule"), ("warnings_open", "kind"), ("warnings_opened", "kind"))
    rows = {metric: material.group(group_by, [metric]) for metric, group_by in parts}
    if not any(material.total(metric) for metric, _ in parts):
        return Section("gaps", title, lead, (material.empty("empty.customers"),))
    charts: list[Chart | None] = [
        group_chart(material, f"chart-{d.metric}", d.label, group_by=group_by, rows=rows[metric], definition=d)
        for metric, group_by in parts
        for d in material.known(metric)
    ]
    watched = material.known("warnings_open", "warnings_opened")
    charts.append(trend_chart(material, "warnings", t("gaps.warnings"), watched))
    blocks: list[Block] = [chart_block(charts) or material.empty("empty.customers")]
    for metric, group_by in parts:
        if rows[metric]:
            caption = t(
                "gaps.by", metric=material.label(metric), group=material.grouping(group_by), quarter=material.period
            )
            blocks.append(
                movement_table(material, f"gaps-{metric}", caption, group_by=group_by, rows=rows[metric], metric=metric)
            )
    blocks += _open_gaps(material)
    return Section("gaps", title, lead, tuple(blocks), message=gaps_and_warnings(material))


def _open_gaps(material: Material) -> list[Block]:
    """Gaps at as_of and those for which there is a suitable product on sale."""
    t = material.texts.text
    found = material.release.open_gaps()
    if not found:
        return []
    columns = (Column(material.grouping("rule"), numeric=False), Column(t("gaps.open")), Column(t("gaps.actionable")))
    lines: list[tuple[Cell, ...]] = [
        (
            Text(one.label if one.rule != ALL else t("board.all"), head=True),
            Number(one.gaps, NumberFormat.COUNT, one.id, "gaps"),
            Number(one.actionable, NumberFormat.COUNT, one.id, "actionable"),
        )
        for one in found
    ]
    caption = t("gaps.open_caption", as_of=material.as_of.isoformat())
    return [Table("open-gaps", caption, columns, tuple(lines), (t("gaps.actionable_note"),))]
