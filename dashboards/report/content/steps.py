"""Ways in steps: the funnel from raised to closed loop, and the follow-up path of opportunities."""

from __future__ import annotations

from itertools import pairwise

from dashboards.report.content.charts import bars
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Block, Cell, Chart, Column, Point, Sentence, Table, Text
from dashboards.report.number_text import NOTHING

_FUNNEL = {  # the metric whose numerator counts the needs of a step
    "raised": "needs_raised",
    "valid": "needs_valid_raised",
    "settled": "resolution_rate",
    "closed": "closed_loop_rate",
}
_SHARES = ("settled", "closed")  # steps that are published as a share of the valid needs
_PATH = ("first_contact", "confirmed", "proposal", "won", "callback")
_TO_THE_SALE = _PATH[:4]  # a callback is due only after a sale


def funnel(material: Material) -> Chart | None:
    """Needs from raised to closed loop."""
    points = [
        Point(step, material.text(f"funnel.{step}"), part_of(material.total(metric), "numerator"))
        for step, metric in _FUNNEL.items()
    ]
    caption = material.text("funnel.caption")
    return bars(material, "funnel", caption, points, axis=material.text("column.step"), series=material.period)


def funnel_steps(material: Material, _: str) -> list[Block]:
    """The steps of the funnel with their share of the valid needs and their meaning."""
    t = material.text
    lines: list[tuple[Cell, ...]] = [
        (
            Text(t(f"funnel.{step}"), head=True),
            part_of(material.total(metric), "numerator"),
            _share(material, metric if step in _SHARES else ""),
            Text(t(f"funnel.{step}_meaning")),
        )
        for step, metric in _FUNNEL.items()
    ]
    columns = (
        Column(t("column.step"), numeric=False),
        Column(t("column.needs")),
        Column(t("column.of_valid")),
        Column(t("column.meaning"), numeric=False),
    )
    return [Table("funnel-steps", t("funnel.caption"), columns, tuple(lines))]


def _share(material: Material, metric: str) -> Cell:
    definition = material.definitions.get(metric)
    return value_of(material.total(metric), definition) if definition else Text(NOTHING, mark="muted")


def path(material: Material) -> Chart | None:
    """Opportunities opened in the quarter and how many of them came to each step."""
    names = material.release.group_labels("step")
    rows = [(step, row) for step in _PATH if (row := material.total(f"reach_{step}")) is not None]
    points = [Point("created", material.text("followup.created"), part_of(rows[0][1], "denominator"))]
    points += [Point(step, names.get(step, step), part_of(row, "numerator")) for step, row in rows]
    title = material.text("followup.path")
    return bars(material, "followup-path", title, points, axis=material.text("column.step"), series=material.period)


def path_steps(material: Material, _: str, *metrics: str) -> list[Block]:
    """Each step: reached, share of those opened, and metrics by step."""
    t, names = material.text, material.release.group_labels("step")
    rows = {(row.metric, row.group_value): row for row in material.group("step", metrics)}
    by_step = material.known(*metrics)
    lines: list[tuple[Cell, ...]] = [
        (
            Text(names.get(step, step), head=True),
            part_of(material.total(f"reach_{step}"), "numerator"),
            _share(material, f"reach_{step}"),
            *(value_of(rows.get((d.metric, step)), d) for d in by_step),
        )
        for step in _PATH
    ]
    columns = (
        Column(t("column.step"), numeric=False),
        Column(t("followup.reached")),
        Column(t("followup.of_created")),
        *(Column(d.label) for d in by_step),
    )
    return [Table("followup-steps", t("followup.steps"), columns, tuple(lines), (t("followup.steps_note"),))]


def largest_loss(material: Material) -> Sentence | None:
    """Between which two steps most opportunities stayed behind."""
    rows = [row for step in _TO_THE_SALE if (row := material.total(f"reach_{step}")) is not None]
    losses = [
        (before.numerator - after.numerator, before, after)
        for before, after in pairwise(rows)
        if before.numerator is not None and after.numerator is not None
    ]
    lost, before, after = max(losses, key=lambda one: (one[0], one[1].metric), default=(0.0, None, None))
    if before is None or after is None or lost <= 0:
        return None
    names = material.release.group_labels("step")
    step, next_step = (row.metric.removeprefix("reach_") for row in (before, after))
    text = material.text(
        "sentence.largest_loss",
        before=names.get(step, step),
        after=names.get(next_step, next_step),
        reached=material.say(part_of(before, "numerator")),
        went_on=material.say(part_of(after, "numerator")),
    )
    return Sentence("largest_loss", "largest_loss", text, (before.id, after.id))
