"""The same figures by department, branch, channel and the other groupings."""

from __future__ import annotations

from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.material import Material
from dashboards.report.content.messages import standing
from dashboards.report.content.model import Block, ChartGroup, Section, Sentence, Sentences, Verdict
from dashboards.report.content.sentences import CLOSED_LOOP, department_moves
from dashboards.report.content.tables import group_table, metric_table
from dashboards.report.release import MetricRow

GROUP_METRICS = (
    "needs_raised",
    "resolution_rate",
    "closed_loop_rate",
    "sla_compliance",
    "time_to_resolution_p50",
    "recurrence_rate",
    "closing_backlog",
    "excess_need_hours",
)
CONTACT_METRICS = ("first_contact_resolution", "repeat_contact_rate", "channel_switch_rate")
ANNEX_GROUPS = ("category", "product_category", "source", "region", "segment", "value_tier")
LEAGUE_END = 20  # branches shown at each end of the league table


def departments(material: Material) -> Section:
    """Figures by the department that owns the need."""
    t = material.texts.text
    rows = material.departments
    title, lead = t("departments.title"), t("departments.lead")
    if not rows:
        return Section("departments", title, lead, (material.empty("empty.groups"),))
    found: list[Sentence | None] = [department_moves(material, v) for v in (Verdict.GOOD, Verdict.BAD)]
    message = found[1] or found[0] or standing(material, CLOSED_LOOP)
    sentences = tuple(sentence for sentence in found if sentence is not None and sentence is not message)
    blocks: list[Block] = [Sentences(sentences)] if sentences else []
    charts = [
        group_chart(material, f"departments-{d.metric}", d.label, group_by="owner_department", rows=rows, definition=d)
        for d in material.known(CLOSED_LOOP, "sla_compliance")
    ]
    shown = tuple(chart for chart in charts if chart is not None)
    if shown:
        blocks.append(ChartGroup(shown))
    metrics = material.known(*GROUP_METRICS)
    caption = t("departments.caption", quarter=material.period)
    blocks.append(
        group_table(material, "departments-table", caption, group_by="owner_department", rows=rows, metrics=metrics)
    )
    return Section("departments", title, lead, tuple(blocks), message=message)


def branches(material: Material) -> Section:
    """The league table of branches by closed-loop rate; rates of too few cases are hidden."""
    t = material.texts.text
    title, lead = t("branches.title"), t("branches.lead")
    league = material.release.league(material.period, "branch", GROUP_METRICS, by=CLOSED_LOOP, ends=LEAGUE_END)
    if not league.rows:
        return Section("branches", title, lead, (material.empty("empty.groups"),))
    notes = (t("branches.more", end=LEAGUE_END, count=league.groups),) if league.groups > 2 * LEAGUE_END else ()
    table = group_table(
        material,
        "branches-table",
        t("branches.caption", quarter=material.period),
        group_by="branch",
        rows=league.rows,
        metrics=material.known(*GROUP_METRICS),
        places=league.places,
        notes=notes,
    )
    return Section("branches", title, lead, (table,))


def channels(material: Material) -> Section:
    """Contacts: solved at the first one, repeated, on another channel, by channel and by purpose."""
    t = material.texts.text
    title, lead = t("channels.title"), t("channels.lead")
    metrics = material.known(*CONTACT_METRICS)
    if not metrics:
        return Section("channels", title, lead, (material.empty(),))
    caption = t("channels.caption", quarter=material.period)
    blocks: list[Block] = [metric_table(material, "channels-figures", caption, metrics)]
    by_channel = material.group("channel", CONTACT_METRICS)
    trend = trend_chart(material, "channels-trend", t("channels.trend"), metrics)
    charts = [trend] + [
        group_chart(material, f"channels-{d.metric}", d.label, group_by="channel", rows=by_channel, definition=d)
        for d in metrics
    ]
    shown = tuple(chart for chart in charts if chart is not None)
    blocks.append(ChartGroup(shown) if shown else material.empty("empty.contacts"))
    for group_by, rows in (("channel", by_channel), ("purpose", material.group("purpose", CONTACT_METRICS))):
        if rows:
            caption = t("annex.caption", group=material.grouping(group_by), quarter=material.period)
            blocks.append(
                group_table(material, f"channels-{group_by}", caption, group_by=group_by, rows=rows, metrics=metrics)
            )
    message = standing(material, "first_contact_resolution")
    return Section("channels", title, lead, tuple(blocks), message=message)


def annex(material: Material) -> Section:
    """Tables of the groupings that have no section of their own."""
    t = material.texts.text
    metrics = material.known(*GROUP_METRICS)
    blocks: list[Block] = []
    for group_by in ANNEX_GROUPS:
        rows: list[MetricRow] = material.group(group_by, GROUP_METRICS)
        caption = t("annex.caption", group=material.grouping(group_by), quarter=material.period)
        if rows:
            blocks.append(
                group_table(material, f"annex-{group_by}", caption, group_by=group_by, rows=rows, metrics=metrics)
            )
        else:
            blocks.append(material.empty("empty.groups"))
    return Section("groupings", t("annex.title"), t("annex.lead"), tuple(blocks), annex=True)
