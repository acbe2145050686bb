"""From what customers show to training: signals that are worse than before, and the module to strengthen."""

from __future__ import annotations

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
    Sentence,
    Sentences,
    Series,
    Table,
    Text,
)
from dashboards.report.number_text import NOTHING
from dashboards.report.training_release import Weakness, weaknesses

IN_TABLE = 20


def improvement_loop(material: Material) -> Section:
    """Complaints, surrenders and needs above the four quarters before, with the module that each leads to."""
    t = material.texts.text
    title, lead = t("loop.title"), t("loop.lead")
    found = weaknesses(material.release, material.period)
    if not found:
        return Section("improvement-loop", title, lead, (material.empty("empty.loop"),))
    modules = _modules(found)
    blocks: list[Block] = []
    handed_back = [one for one in modules if one.is_handed_back]
    if handed_back:
        text = t("sentence.handed_back", modules=material.texts.listed([one.module_label for one in handed_back]))
        blocks.append(Sentences((Sentence("handed_back", "handed_back", text, tuple(o.id for o in handed_back)),)))
    if modules:
        blocks.append(_chart(material, modules))
    blocks.append(_table(material, found))
    return Section("improvement-loop", title, lead, tuple(blocks), message=_message(material, modules))


def _modules(found: list[Weakness]) -> list[Weakness]:
    """The first row of each module that has a share, in the order of their ranks."""
    first = {one.module: one for one in reversed(found) if one.module and one.module_share}
    return sorted(first.values(), key=lambda one: (one.module_rank or 0, one.module))


def _share(one: Weakness) -> Number:
    return Number(one.module_share, NumberFormat.RATE, one.id, "module_share")


def _message(material: Material, modules: list[Weakness]) -> Sentence | None:
    if not modules:
        return None
    first = modules[0]
    text = material.texts.text("message.loop", module=first.module_label, share=material.say(_share(first)))
    return Sentence("loop", "loop", text, (first.id,))


def _chart(material: Material, modules: list[Weakness]) -> Chart:
    title = material.texts.text("loop.chart", quarter=material.period)
    points = tuple(Point(one.module, one.module_label, _share(one)) for one in modules)
    values = material.texts.listed([f"{p.label} {material.say(p.number)}" for p in points])
    series = (Series(material.texts.text("column.share"), points),)
    return Chart("loop-modules", ChartKind.BARS, title, f"{title}. {values}.", series, material.grouping("module"))


def _table(material: Material, found: list[Weakness]) -> Table:
    t = material.texts.text
    columns = (
        Column(material.grouping("module"), numeric=False),
        Column(material.grouping("product_category"), numeric=False),
        Column(t("loop.signal"), numeric=False),
        Column(t("loop.occurrences")),
        Column(t("loop.rate")),
        Column(t("loop.rate_before")),
        Column(t("loop.excess")),
        Column(t("loop.share")),
        Column(t("loop.mastery")),
        Column(t("loop.trained")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(one.module_label or NOTHING, head=True),
            Text(one.product_label),
            Text(_signal(material, one)),
            Number(one.occurrences, NumberFormat.COUNT, one.id, "occurrences"),
            Number(one.rate, NumberFormat.RATE, one.id, "rate"),
            Number(one.rate_before, NumberFormat.RATE, one.id, "rate_before"),
            Number(one.excess, NumberFormat.QUANTITY, one.id, "excess"),
            Number(one.share_of_excess, NumberFormat.RATE, one.id, "share_of_excess"),
            Number(one.module_mastery_rate, NumberFormat.RATE, one.id, "module_mastery_rate"),
            Number(one.persons_trained_since, NumberFormat.COUNT, one.id, "persons_trained_since"),
        )
        for one in found[:IN_TABLE]
    ]
    notes = [t("loop.note")]
    if len(found) > IN_TABLE:
        notes.append(t("loop.more", signals=len(found), shown=IN_TABLE))
    return Table("loop-signals", t("loop.caption", quarter=material.period), columns, tuple(rows), tuple(notes))


def _signal(material: Material, one: Weakness) -> str:
    kind = material.texts.text(f"loop.{one.signal_type}")
    return kind if one.category == ALL else f"{kind} · {one.category_label}"
