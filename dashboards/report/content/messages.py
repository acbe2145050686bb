"""What a section says in one short sentence: its title when it is presented, and its first line when it is read."""

from __future__ import annotations

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import change_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Movement, Number, NumberFormat, Sentence, Verdict
from dashboards.report.release import MetricDefinition, MetricRow


def standing(material: Material, *metrics: str) -> Sentence | None:
    """The first of the metrics that has a value: the value, and how it changed on the quarter before."""
    known = ((definition, material.total(definition.metric)) for definition in material.known(*metrics))
    for definition, row in known:
        if row is not None and row.value is not None:
            return _standing(material, definition, row)
    return None


def _standing(material: Material, definition: MetricDefinition, row: MetricRow) -> Sentence:
    now, change = value_of(row, definition), change_of(row, definition, material.quarter, "previous")
    then = material.total(definition.metric, change.period) if change.period else None
    compared = [then] if then is not None and change.movement is not Movement.UNKNOWN else []
    key = "unchanged" if change.movement is Movement.FLAT else "changed"
    text = material.text(
        f"message.{key if compared else 'standing'}",
        label=definition.label,
        now=material.say(now),
        period=change.period,
        change=material.say(change.amount),
        certainty="".join(certainty(material, row, one, definition) for one in compared),
    )
    if now.small:
        text += material.text("message.small", n=row.n)
    rows = tuple(one.id for one in (row, *compared))
    verdict = change.verdict if compared else Verdict.NEUTRAL
    return Sentence(f"standing_{definition.metric}", "standing", text, rows, verdict)


def balance(material: Material) -> Sentence | None:
    """How many figures are better and how many worse than in the quarter before."""
    against = material.quarter.against("previous")
    judged: dict[Verdict, list[str]] = {Verdict.GOOD: [], Verdict.BAD: []}
    for definition in material.definitions.values():
        row = material.total(definition.metric)
        then = material.total(definition.metric, against) if against else None
        if row is None or then is None or value_of(row, definition).small or value_of(then, definition).small:
            continue
        verdict = change_of(row, definition, material.quarter, "previous").verdict
        if verdict in judged:
            judged[verdict].append(row.id)
    good, bad = judged[Verdict.GOOD], judged[Verdict.BAD]
    if not good and not bad:
        return None
    text = material.text("message.balance", period=against, good=len(good), bad=len(bad))
    return Sentence("balance", "balance", text, (*good, *bad))


def open_and_overdue(material: Material) -> Sentence | None:
    """How many needs are open, overdue and due soon."""
    total = material.rows("board_counts")[-1]
    counts = {"open": total.open_needs, "overdue": total.overdue, "soon": total.due_soon}
    said = {name: material.say(Number(count, NumberFormat.COUNT)) for name, count in counts.items()}
    verdict = Verdict.BAD if total.overdue else Verdict.GOOD
    return Sentence(
        "board", "board", material.text("message.board", hours=total.due_soon_hours, **said), (total.id,), verdict
    )
