"""The rules that write sentences about the follow-up path."""

from __future__ import annotations

from itertools import pairwise

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Sentence

PATH = ("reach_first_contact", "reach_confirmed", "reach_proposal", "reach_won", "reach_callback")
TO_THE_SALE = PATH[:4]  # a callback is due where there was a sale only


def path_message(material: Material) -> Sentence | None:
    """Created, contacted, proposed, won."""
    contacted, proposed, won = (material.total(m) for m in ("reach_first_contact", "reach_proposal", "reach_won"))
    if contacted is None or proposed is None or won is None or not won.denominator:
        return None
    text = material.texts.text(
        "message.path",
        created=material.say(part_of(won, "denominator")),
        contacted=material.say(part_of(contacted, "numerator")),
        proposed=material.say(part_of(proposed, "numerator")),
        won=material.say(part_of(won, "numerator")),
        rate=material.say(value_of(won, material.definitions["reach_won"])),
    )
    return Sentence("path", "path", text, (contacted.id, proposed.id, won.id))


def largest_loss(material: Material) -> Sentence | None:
    """Between which two steps most opportunities were left behind."""
    rows = [row for metric in TO_THE_SALE if (row := material.total(metric)) is not None]
    losses = [
        (before.numerator - after.numerator, before, after)
        for before, after in pairwise(rows)
        if before.numerator is not None and after.numerator is not None
    ]
    if not losses:
        return None
    lost, before, after = max(losses, key=lambda one: (one[0], one[1].metric))
    if lost <= 0:
        return None
    names = material.release.group_labels("step")
    step, next_step = (row.metric.removeprefix("reach_") for row in (before, after))
    text = material.texts.text(
        "sentence.largest_loss",
        before=names.get(step, step),
        after=names.get(next_step, next_step),
        reached=material.say(part_of(before, "numerator")),
        went_on=material.say(part_of(after, "numerator")),
    )
    return Sentence("largest_loss", "largest_loss", text, (before.id, after.id))
