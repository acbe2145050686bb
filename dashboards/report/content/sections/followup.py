"""The follow-up path of opportunities: how far they come, how fast, how often on time, and what is sold."""

from __future__ import annotations

from dashboards.report.content.blocks import chart_block, group_tables, sentence_block
from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.followup_sentences import largest_loss, path_message
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
from dashboards.report.content.shares import shares
from dashboards.report.content.standing_out import lowest
from dashboards.report.content.tables import group_table, metric_table
from dashboards.report.number_text import NOTHING

STEPS = ("first_contact", "confirmed", "proposal", "won", "callback")
STEP_METRICS = ("step_hours_p50", "step_hours_p50_business", "step_on_time")
GROUP_METRICS = (
    "reach_first_contact",
    "reach_confirmed",
    "reach_proposal",
    "reach_won",
    "conversion_rate",
    "second_sale_conversion",
    "step_on_time",
)
SALES = ("conversion_rate", "second_sale_conversion")
LEAGUE_END = 20  # branches shown at each end of the league table


def followup(material: Material) -> Section:
    """Reach, times, on time, conversion and second sales; by product category, region and branch."""
    t = material.texts.text
    title, lead = t("followup.title"), t("followup.lead")
    if not any(material.total(f"reach_{step}") for step in STEPS):
        return Section("followup", title, lead, (material.empty("empty.opportunities"),))
    by_step = material.group("step", STEP_METRICS)
    blocks: list[Block] = sentence_block(
        (largest_loss(material), lowest(material, "step_on_time", "step"), shares(material, "sales", SALES))
    )
    charts = [
        _path(material),
        *(
            group_chart(material, f"steps-{d.metric}", d.label, group_by="step", rows=by_step, definition=d)
            for d in material.known("step_on_time", "step_hours_p50", "step_hours_p50_business")
        ),
        trend_chart(material, "conversion", t("followup.conversion"), material.known(*SALES)),
        trend_chart(
            material, "reach", t("followup.reach"), material.known("reach_first_contact", "reach_proposal", "reach_won")
        ),
    ]
    blocks.append(chart_block(charts) or material.empty("empty.opportunities"))
    blocks.append(_steps(material))
    caption = t("followup.caption", quarter=material.period)
    totals = [definition for definition in material.of_section("followup") if definition.has_total]
    blocks.append(metric_table(material, "followup-figures", caption, totals))
    blocks += group_tables(material, "followup", ("product_category", "region"), GROUP_METRICS)
    blocks += _branches(material)
    blocks += _reminders(material)
    return Section("followup", title, lead, tuple(blocks), message=path_message(material))


def _path(material: Material) -> Chart:
    """Opportunities created in the quarter and how many of them have come to each step."""
    t, names = material.texts.text, material.release.group_labels("step")
    rows = [(step, row) for step in STEPS if (row := material.total(f"reach_{step}")) is not None]
    points = [Point("created", t("followup.created"), part_of(rows[0][1], "denominator"))]
    points += [Point(step, names.get(step, step), part_of(row, "numerator")) for step, row in rows]
    title = t("followup.path", quarter=material.period)
    values = material.texts.listed([f"{p.label} {material.say(p.number)}" for p in points])
    series = (Series(material.period, tuple(points)),)
    return Chart("followup-path", ChartKind.BARS, title, f"{title}. {values}.", series, t("column.step"))


def _steps(material: Material) -> Table:
    """Each step: reached, share of those created, median hours since the step before, and how often on time."""
    t, names = material.texts.text, material.release.group_labels("step")
    rows = {(row.metric, row.group_value): row for row in material.group("step", STEP_METRICS)}
    metrics = material.known(*STEP_METRICS)
    lines: list[tuple[Cell, ...]] = []
    for step in STEPS:
        reach = material.total(f"reach_{step}")
        definition = material.definitions.get(f"reach_{step}")
        share: Cell = value_of(reach, definition) if definition else Text(NOTHING, mark="muted")
        found = [value_of(rows.get((d.metric, step)), d) for d in metrics]
        lines.append((Text(names.get(step, step), head=True), part_of(reach, "numerator"), share, *found))
    columns = (
        Column(t("column.step"), numeric=False),
        Column(t("followup.reached")),
        Column(t("followup.of_created")),
        *(Column(d.label) for d in metrics),
    )
    caption = t("followup.steps", quarter=material.period)
    return Table("followup-steps", caption, columns, tuple(lines), (t("followup.steps_note"),))


def _branches(material: Material) -> list[Block]:
    """The league table of branches by conversion; rates of too few cases are hidden and have no place."""
    t = material.texts.text
    league = material.release.league(material.period, "branch", GROUP_METRICS, by="conversion_rate", ends=LEAGUE_END)
    if not league.rows:
        return []
    notes = (t("branches.more", end=LEAGUE_END, count=league.groups),) if league.groups > 2 * LEAGUE_END else ()
    return [
        group_table(
            material,
            "followup-branches",
            t("followup.branches", quarter=material.period, metric=material.label("conversion_rate")),
            group_by="branch",
            rows=league.rows,
            metrics=material.known(*GROUP_METRICS),
            places=league.places,
            notes=notes,
        )
    ]


def _reminders(material: Material) -> list[Block]:
    """Next steps that are over their limit at as_of or will be soon."""
    t = material.texts.text
    found = material.release.reminders()
    if not found:
        return []
    columns = (
        Column(t("column.step"), numeric=False),
        Column(t("board.overdue")),
        Column(t("followup.due_soon")),
        Column(t("board.most_overdue")),
    )
    lines: list[tuple[Cell, ...]] = [
        (
            Text(one.label if one.step != ALL else t("board.all"), head=True),
            Number(one.overdue, NumberFormat.COUNT, one.id, "overdue"),
            Number(one.due_soon, NumberFormat.COUNT, one.id, "due_soon"),
            Number(one.most_overdue_hours, NumberFormat.HOURS, one.id, "most_overdue_hours"),
        )
        for one in found
    ]
    return [
        Table("followup-reminders", t("followup.reminders", as_of=material.as_of.isoformat()), columns, tuple(lines))
    ]
