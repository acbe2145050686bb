"""The rules that write sentences about customers: their stages and moves, and who stays."""

from __future__ import annotations

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Movement, Sentence
from dashboards.report.content.shares import share
from dashboards.report.release import MetricRow

MOST = 3  # moves that one sentence names
LOSING = ("at_risk", "lapsed")  # stages whose growth is bad news


def month_of(material: Material) -> str:
    """The quarter's last month that the release covers."""
    return f"{material.quarter.now.covered_until:%Y-%m}"


def stages_message(material: Material) -> Sentence | None:
    """All customers, the largest stage, and the stages of customers at risk and lost with their changes."""
    total = material.total("customers_in_stage")
    rows = {row.group_value: row for row in material.group("stage", ["customers_in_stage"])}
    if total is None or not total.value or not rows:
        return None
    t, definition = material.text, material.definitions["customers_in_stage"]
    largest = max(rows.values(), key=lambda row: (row.value or 0.0, row.group_value))
    text = t(
        "message.stages",
        total=material.say(value_of(total, definition)),
        stage=largest.group_label,
        count=material.say(value_of(largest, definition)),
    )
    named = [rows[stage] for stage in LOSING if stage in rows]
    for row in named:
        change = change_of(row, definition, material.quarter, "previous")
        key = "message.stage" if change.movement is Movement.UNKNOWN else "message.stage_changed"
        text += t(
            key,
            stage=row.group_label,
            count=material.say(value_of(row, definition)),
            period=change.period,
            change=material.say(change.amount),
        )
    return Sentence("stages", "stages", text, tuple(row.id for row in (total, largest, *named)))


def largest_moves(material: Material) -> Sentence | None:
    """The most frequent moves from one stage to another in the quarter's last month."""
    if "stage_transitions" not in material.definitions:
        return None
    month = month_of(material)
    rows = [
        row
        for row in material.release.rows([month], "transition", ["stage_transitions"])
        if row.value and row.group_value.split(">")[0] != row.group_value.split(">")[-1]
    ]
    most = sorted(rows, key=lambda row: (-(row.value or 0.0), row.group_value))[:MOST]
    if not most:
        return None
    definition = material.definitions["stage_transitions"]
    items = [f"{row.group_label} {material.say(value_of(row, definition))}" for row in most]
    text = material.text("sentence.moves", month=month, items=material.texts.listed(items))
    return Sentence("moves", "moves", text, tuple(row.id for row in most))


def retained_after_a_year(material: Material) -> Sentence | None:
    """Of customers first insured a year before the quarter, those still insured; against those a quarter earlier."""
    cohort, against = material.quarter.now.year_before, material.quarter.now.previous
    row = _retained(material, material.period, cohort)
    if row is None or row.value is None or cohort is None:
        return None
    cohort_before = next((p.previous for p in material.quarter.history if p.period == cohort), None)
    then = _retained(material, against, cohort_before)
    t, definition = material.text, material.definitions["retention"]
    text = t("message.retained", cohort=cohort, quarter=material.period, now=share(material, row))
    rows = [row.id]
    if then is not None and then.value is not None:
        text += t(
            "message.retained_before",
            cohort=cohort_before,
            quarter=against,
            before=material.say(value_of(then, definition)),
            certainty=certainty(material, row, then, definition),
        )
        rows.append(then.id)
    if row.is_small:
        text += t("message.small", n=row.n)
    return Sentence("retained", "retained", text, tuple(rows))


def _retained(material: Material, quarter: str | None, cohort: str | None) -> MetricRow | None:
    rows = material.rows("retention")
    return next((row for row in rows if row.period == quarter and row.group_value == cohort), None)


def longest_seen_cohort(material: Material) -> Sentence | None:
    """How many of the customers of the earliest cohort shown are still insured."""
    now = [row for row in material.rows("retention") if row.period == material.period]
    first = min(now, key=lambda row: row.group_value, default=None)
    if first is None or first.value is None or first.group_value == material.period:
        return None
    definition = material.definitions["retention"]
    text = material.text(
        "sentence.first_cohort",
        cohort=first.group_value,
        quarter=first.period,
        hits=material.say(part_of(first, "numerator")),
        cases=material.say(part_of(first, "denominator")),
        value=material.say(value_of(first, definition)),
    )
    return Sentence("first_cohort", "retained", text, (first.id,))
