"""The first pages: headline figures, findings, and the table of all metrics."""

from __future__ import annotations

from dashboards.report.content.charts import trend_chart
from dashboards.report.content.figures import change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.messages import balance, standing
from dashboards.report.content.model import (
    Block,
    ChartKind,
    KeyFigure,
    KeyFigures,
    Note,
    Number,
    Section,
    Sentences,
)
from dashboards.report.content.sentences import findings
from dashboards.report.content.tables import metric_table
from dashboards.report.release import MetricDefinition

HEADLINES = (
    "closed_loop_rate",
    "resolution_rate",
    "sla_compliance",
    "time_to_resolution_p50",
    "needs_raised",
    "closing_backlog",
    "recurrence_rate",
    "verified_satisfaction",
)


def at_a_glance(material: Material) -> Section:
    """Headline figures."""
    t = material.texts.text
    blocks: list[Block] = []
    if material.quarter.now.in_progress:
        until = material.quarter.now.covered_until.isoformat()
        blocks.append(Note(t("note.in_progress", quarter=material.period, until=until), "warning"))
    figures = tuple(_key_figure(material, definition) for definition in material.known(*HEADLINES))
    blocks.append(KeyFigures(figures) if figures else material.empty())
    message = standing(material, *HEADLINES)
    return Section("glance", t("glance.title"), t("glance.lead"), tuple(blocks), message=message)


def changes(material: Material) -> Section:
    """What changed most, where, and how sure that is."""
    t = material.texts.text
    sentences = findings(material)
    block: Block = Sentences(sentences) if sentences else material.empty()
    return Section("findings", t("findings.title"), t("findings.lead"), (block,), message=balance(material))


def all_figures(material: Material) -> Section:
    """Every metric over all groups, by section."""
    t = material.texts.text
    blocks: list[Block] = []
    for section in dict.fromkeys(definition.section for definition in material.definitions.values()):
        caption = t("figures.caption", section=t(f"domain.{section}"), quarter=material.period)
        metrics = [definition for definition in material.of_section(section) if definition.has_total]
        blocks.append(metric_table(material, f"all-figures-{section}", caption, metrics))
    return Section("figures", t("figures.title"), t("figures.lead"), tuple(blocks) or (material.empty(),))


def _key_figure(material: Material, definition: MetricDefinition) -> KeyFigure:
    row = material.total(definition.metric)
    trend = trend_chart(material, f"spark-{definition.metric}", definition.label, [definition], ChartKind.SPARKLINE)
    return KeyFigure(
        metric=definition.metric,
        label=definition.label,
        number=value_of(row, definition),
        parts=_parts(material, definition),
        changes=(
            change_of(row, definition, material.quarter, "previous"),
            change_of(row, definition, material.quarter, "year_before"),
        ),
        trend=trend,
        in_progress=material.quarter.now.in_progress,
    )


def _parts(material: Material, definition: MetricDefinition) -> tuple[tuple[str, Number], ...]:
    row = material.total(definition.metric)
    parts = [
        (material.texts.text("column.numerator"), part_of(row, "numerator")),
        (material.texts.text("column.denominator"), part_of(row, "denominator")),
    ]
    return tuple((name, number) for name, number in parts if number.value is not None)
