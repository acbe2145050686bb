"""What a section says in one short sentence: its title when it is presented, and its first line when it is read."""

from __future__ import annotations

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Movement, Number, NumberFormat, Sentence, Verdict
from dashboards.report.content.sentences import weak_spot_name


def standing(material: Material, *metrics: str) -> Sentence | None:
    """The first of the metrics that has a value: the value, and how it changed on the quarter before."""
    for definition in material.known(*metrics):
        row = material.total(definition.metric)
        if row is None or row.value is None:
            continue
        t = material.texts.text
        now = material.say(value_of(row, definition))
        change = change_of(row, definition, material.quarter, "previous")
        then = material.total(definition.metric, change.period) if change.period else None
        rows, verdict = [row.id], Verdict.NEUTRAL
        if then is None or change.movement is Movement.UNKNOWN:
            text = t("message.standing", label=definition.label, now=now)
        elif change.movement is Movement.FLAT:
            text = t("message.unchanged", label=definition.label, now=now, period=change.period)
            rows.append(then.id)
        else:
            sure = "" if row.is_small or then.is_small else certainty(material, row, then, definition)
            text = t(
                "message.changed",
                label=definition.label,
                now=now,
                period=change.period,
                change=material.say(change.amount),
                certainty=sure,
            )
            rows.append(then.id)
            verdict = change.verdict
        if value_of(row, definition).small:
            text += t("message.small", n=row.n)
        return Sentence(f"standing_{definition.metric}", "standing", text, tuple(rows), verdict)
    return None


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
    text = material.texts.text("message.balance", period=against, good=len(good), bad=len(bad))
    return Sentence("balance", "balance", text, (*good, *bad))


def funnel_message(material: Material) -> Sentence | None:
    """Raised, valid, closed loop."""
    raised, valid, closed = (material.total(m) for m in ("needs_raised", "needs_valid_raised", "closed_loop_rate"))
    if raised is None or valid is None or closed is None or not raised.value:
        return None
    text = material.texts.text(
        "message.funnel",
        raised=material.say(part_of(raised, "numerator")),
        valid=material.say(part_of(valid, "numerator")),
        closed=material.say(part_of(closed, "numerator")),
        rate=material.say(value_of(closed, material.definitions["closed_loop_rate"])),
    )
    return Sentence("funnel_message", "funnel", text, (raised.id, valid.id, closed.id))


def weak_spot_message(material: Material) -> Sentence | None:
    """Where most overdue hours are."""
    if not material.weak_spots or not material.weak_spots[0].excess_need_hours:
        return None
    first = material.weak_spots[0]
    text = material.texts.text(
        "message.weak_spot",
        spot=weak_spot_name(first.category, first.owner_department, first.product_category),
        share=material.say(Number(first.share, NumberFormat.RATE)),
    )
    return Sentence("weak_spot_message", "weak_spot_message", text, (first.id,))
