"""The rules that write sentences about complaints and claims."""

from __future__ import annotations

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Sentence
from dashboards.report.content.shares import shares

LIMITS = ("complaints_within_15d", "complaints_within_30d", "complaints_within_60d")


def kept_limits(material: Material) -> Sentence | None:
    """How many complaints were resolved within 15, 30 and 60 days, of those whose limit fell into the quarter."""
    return shares(material, "limits", LIMITS)


def most_complained(material: Material, group_by: str) -> Sentence | None:
    """The group with most complaints, and how many of all those are."""
    total = material.total("complaints_received")
    rows = [row for row in material.group(group_by, ["complaints_received"]) if row.value]
    if total is None or not total.value or len(rows) < 2:
        return None
    most = max(rows, key=lambda row: (row.value or 0.0, row.group_value))
    definition = material.definitions["complaints_received"]
    text = material.texts.text(
        "sentence.most_complained",
        grouping=material.grouping(group_by),
        group=most.group_label,
        count=material.say(value_of(most, definition)),
        total=material.say(value_of(total, definition)),
    )
    return Sentence(f"most_complained_{group_by}", "most_complained", text, (most.id, total.id))


def claims_told(material: Material) -> Sentence | None:
    """How many claimants heard something within three days, and how many claims are silent."""
    told, silent = material.total("claim_update_within_72h"), material.total("claims_silent")
    if told is None or told.value is None or silent is None or silent.value is None:
        return None
    text = material.texts.text(
        "sentence.claims_told",
        value=material.say(value_of(told, material.definitions["claim_update_within_72h"])),
        hits=material.say(part_of(told, "numerator")),
        cases=material.say(part_of(told, "denominator")),
        silent=material.say(value_of(silent, material.definitions["claims_silent"])),
    )
    return Sentence("claims_told", "claims_told", text, (told.id, silent.id))
