"""What a reader needs to defend the numbers: the definitions, and the rows behind each sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import (
    Block,
    Cell,
    Column,
    Definition,
    Evidence,
    EvidenceList,
    Glossary,
    Note,
    Number,
    NumberFormat,
    Section,
    Sentence,
    Sentences,
    Table,
    Text,
)
from dashboards.report.content.weak_spots import name_of
from dashboards.report.number_text import NOTHING
from dashboards.report.release import MetricRow


def glossary(material: Material, _: str) -> list[Block]:
    """The definition of each metric of the report, as the release carries it."""
    definitions = tuple(
        Definition(
            d.metric,
            d.label,
            d.description,
            d.numerator,
            d.denominator,
            (
                (material.text("glossary.unit"), _word(material, f"unit.{d.unit}")),
                (material.text("glossary.direction"), _word(material, f"direction.{d.direction}")),
                (material.text("glossary.additivity"), _word(material, f"additivity.{d.additivity}")),
                (material.text("glossary.owner"), d.owner or NOTHING),
            ),
        )
        for d in material.definitions.values()
    )
    return [Glossary(definitions)] if definitions else []


def _word(material: Material, key: str) -> str:
    """The word for a value of the definitions; a value that the texts do not know stands for itself."""
    return material.texts.texts.get(key, key.partition(".")[2])


def evidence(material: Material, sections: Sequence[Section]) -> Section:
    """The rows behind each sentence: those of metrics and weak spots with their numbers, others by their id."""
    found = [s for part in sections for b in part.blocks if isinstance(b, Sentences) for s in b.sentences]
    found += [part.message for part in sections if part.message is not None]
    sentences = {sentence.id: sentence for sentence in found}.values()
    rows = _rows_of(material, sentences)
    items = tuple(Evidence(sentence, _evidence_table(material, sentence, rows)) for sentence in sentences)
    block: Block = EvidenceList(items) if items else Note(material.text("empty.metrics"), "empty")
    return Section("evidence", material.text("evidence.title"), material.text("evidence.lead"), (block,), annex=True)


def _rows_of(material: Material, sentences: Iterable[Sentence]) -> dict[str, MetricRow]:
    """The metric rows that sentences name, by id, read a grouping at a time."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for key in (key for sentence in sentences for key in sentence.rows):
        metric, _, rest = key.partition("/")
        period, _, rest = rest.partition("/")
        if metric in material.definitions:
            wanted.setdefault((period, rest.partition("/")[0]), set()).add(metric)
    rows = (
        row
        for (period, group_by), metrics in sorted(wanted.items())
        for row in material.release.rows([period], group_by, sorted(metrics))
    )
    return {row.id: row for row in rows}


def _evidence_table(material: Material, sentence: Sentence, rows: dict[str, MetricRow]) -> Table:
    heads = ("row", "metric", "value", "numerator", "denominator", "n")
    columns = tuple(Column(material.text(f"column.{one}"), numeric=one not in ("row", "metric")) for one in heads)
    lines = tuple((Text(key, head=True), *_evidence(material, key, rows.get(key))) for key in sentence.rows)
    return Table(f"rows-of-{sentence.id}", sentence.text, columns, lines)


def _evidence(material: Material, key: str, row: MetricRow | None) -> tuple[Cell, ...]:
    """What a row is called, its value, numerator, denominator and n."""
    dash = Text(NOTHING, mark="muted")
    if row is not None:
        definition = material.definitions[row.metric]
        label = definition.label if row.group_by == "all" else f"{definition.label} · {row.group_label}"
        parts = (part_of(row, "numerator"), part_of(row, "denominator"), part_of(row, "n"))
        return Text(label), value_of(row, definition), *parts
    spot = next((spot for spot in material.weak_spots if spot.id == key), None)
    if spot is None:
        return Text(material.text("evidence.see_table")), dash, dash, dash, dash
    name = material.text(
        "evidence.weak_spot",
        name=name_of(spot),
        share=material.say(Number(spot.share, NumberFormat.RATE)),
        cumulative=material.say(Number(spot.cumulative_share, NumberFormat.RATE)),
    )
    hours = Number(spot.excess_need_hours, NumberFormat.HOURS, key, "excess_need_hours")
    return Text(name), hours, dash, dash, Number(spot.needs, NumberFormat.COUNT, key, "needs")
