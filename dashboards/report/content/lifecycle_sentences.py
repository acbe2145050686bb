"""The rules that write sentences about customers: stages and moves, who stays, gaps in cover and warnings."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Movement, Sentence, Verdict
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
    t, definition = material.texts.text, material.definitions["customers_in_stage"]
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
    text = material.texts.text("sentence.moves", month=month, items=material.texts.listed(items))
    return Sentence("moves", "moves", text, tuple(row.id for row in most))


def retained_after_a_year(material: Material) -> Sentence | None:
    """Of customers first insured a year before the quarter, those still insured; against those a quarter earlier."""
    cohort, against = material.quarter.now.year_before, material.quarter.now.previous
    row = _retained(material, material.period, cohort)
    if row is None or row.value is None or cohort is None:
        return None
    cohort_before = next((p.previous for p in material.quarter.history if p.period == cohort), None)
    then = _retained(material, against, cohort_before)
    t, definition = material.texts.text, material.definitions["retention"]
    text = t("message.retained", cohort=cohort, quarter=material.period, now=share(material, row))
    rows, verdict = [row.id], Verdict.NEUTRAL
    if then is not None and then.value is not None:
        sure = "" if row.is_small or then.is_small else certainty(material, row, then, definition)
        text += t(
            "message.retained_before",
            cohort=cohort_before,
            quarter=against,
            before=material.say(value_of(then, definition)),
            certainty=sure,
        )
        rows.append(then.id)
    if row.is_small:
        text += t("message.small", n=row.n)
    return Sentence("retained", "retained", text, tuple(rows), verdict)


def _retained(material: Material, quarter: str | None, cohort: str | None) -> MetricRow | None:
    if quarter is None or cohort is None or "retention" not in material.definitions:
        return None
    rows = material.release.rows([quarter], "cohort", ["retention"])
    return next((row for row in rows if row.group_value == cohort), None)


def longest_seen_cohort(material: Material, now: Sequence[MetricRow]) -> Sentence | None:
    """How many of the customers of the earliest cohort shown are still insured."""
    first = min(now, key=lambda row: row.group_value, default=None)
    if first is None or first.value is None or first.group_value == material.period:
        return None
    definition = material.definitions["retention"]
    text = material.texts.text(
        "sentence.first_cohort",
        cohort=first.group_value,
        quarter=first.period,
        hits=material.say(part_of(first, "numerator")),
        cases=material.say(part_of(first, "denominator")),
        value=material.say(value_of(first, definition)),
    )
    return Sentence("first_cohort", "retained", text, (first.id,))


def gaps_and_warnings(material: Material) -> Sentence | None:
    """Gaps and open warnings at the quarter's end, and warnings that opened in it."""
    rows = [material.total(metric) for metric in ("coverage_gaps", "warnings_open", "warnings_opened")]
    gaps, still_open, opened = rows
    if gaps is None or still_open is None or opened is None:
        return None
    said = {
        key: material.say(value_of(row, material.definitions[row.metric]))
        for key, row in (("gaps", gaps), ("open", still_open), ("opened", opened))
    }
    changes = {
        f"{key}_change": material.say(
            change_of(row, material.definitions[row.metric], material.quarter, "previous").amount
        )
        for key, row in (("gaps", gaps), ("open", still_open))
    }
    against = material.quarter.against("previous")
    compared = against is not None and gaps.previous_value is not None and still_open.previous_value is not None
    key = "message.gaps_changed" if compared else "message.gaps"
    text = material.texts.text(key, period=against, **said, **changes)
    return Sentence("gaps", "gaps", text, (gaps.id, still_open.id, opened.id))
