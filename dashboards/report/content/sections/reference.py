"""What a reader needs to trust and defend the numbers: data quality, definitions, and the rows behind each sentence."""

from __future__ import annotations

from collections.abc import Iterable

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
    Verdict,
)
from dashboards.report.content.sections.restatements import restatement_blocks
from dashboards.report.content.sentences import weak_spot_name
from dashboards.report.number_text import NOTHING
from dashboards.report.release import MetricRow, QualityCheck, SourceLoad


def data_quality(material: Material) -> Section:
    """Checks of the run that made the release, restatements of closed quarters, and what each source delivered."""
    t = material.texts.text
    checks, loads = material.release.checks(), material.release.loads()
    sentences = tuple(s for s in (_checks_sentence(material, checks), _loads_sentence(material, loads)) if s)
    blocks: list[Block] = [Sentences(sentences[1:])] if len(sentences) > 1 else []
    blocks += restatement_blocks(material)
    failed = [check for check in checks if not check.passed]
    if failed:
        blocks.append(_failed_checks(material, failed))
    if not checks:
        blocks.append(Note(t("empty.checks"), "empty"))
    blocks.append(_loads(material, loads) if loads else Note(t("empty.loads"), "empty"))
    message = sentences[0] if sentences else None
    return Section("data-quality", t("quality.title"), t("quality.lead"), tuple(blocks), message=message)


def _count(value: int | None, row: str, field: str) -> Number:
    return Number(value, NumberFormat.COUNT, row, field)


def _checks_sentence(material: Material, checks: list[QualityCheck]) -> Sentence | None:
    if not checks:
        return None
    failed = [check for check in checks if not check.passed]
    text = material.texts.text(
        "sentence.checks_failed" if failed else "sentence.checks_passed",
        checks=len(checks),
        passed=len(checks) - len(failed),
        blocking=sum(check.severity == "blocking" for check in failed),
        warnings=sum(check.severity != "blocking" for check in failed),
    )
    rows = tuple(_check_id(check) for check in failed) or ("mart_quality_checks",)
    verdict = Verdict.NEUTRAL if failed else Verdict.GOOD
    if any(check.severity == "blocking" for check in failed):
        verdict = Verdict.BAD
    return Sentence("checks", "checks", text, rows, verdict)


def _check_id(check: QualityCheck) -> str:
    return f"quality_check/{check.table_name}/{check.check_name}"


def _load_id(load: SourceLoad) -> str:
    return f"source_load/{load.table_name}"


def _loads_sentence(material: Material, loads: list[SourceLoad]) -> Sentence | None:
    if not loads:
        return None
    refused, rejected = sum(load.files_refused for load in loads), sum(load.rejected for load in loads)
    text = material.texts.text(
        "sentence.loads",
        files=sum(load.files_taken for load in loads),
        rows=material.say(Number(sum(load.rows_in_files for load in loads), NumberFormat.COUNT)),
        loaded=material.say(Number(sum(load.loaded for load in loads), NumberFormat.COUNT)),
        ignored=material.say(Number(sum(load.ignored for load in loads), NumberFormat.COUNT)),
        rejected=material.say(Number(rejected, NumberFormat.COUNT)),
        refused=refused,
    )
    verdict = Verdict.BAD if refused or rejected else Verdict.GOOD
    return Sentence("loads", "loads", text, ("mart_source_loads",), verdict)


def _failed_checks(material: Material, failed: list[QualityCheck]) -> Table:
    t = material.texts.text
    rows: list[tuple[Cell, ...]] = [
        (
            Text(check.table_name, head=True),
            Text(check.label),
            Text(t(f"severity.{check.severity}"), mark="bad" if check.severity == "blocking" else "none"),
            _count(check.failed_rows, _check_id(check), "failed_rows"),
            _count(check.checked_rows, _check_id(check), "checked_rows"),
            Text(check.owner),
            Text(" ".join(part for part in (check.message, check.remedy) if part)),
        )
        for check in failed
    ]
    columns = (
        Column(t("column.table"), numeric=False),
        Column(t("column.check"), numeric=False),
        Column(t("column.severity"), numeric=False),
        Column(t("column.failed_rows")),
        Column(t("column.checked_rows")),
        Column(t("column.owner"), numeric=False),
        Column(t("column.what_it_means"), numeric=False),
    )
    return Table("failed-checks", t("quality.failed_caption"), columns, tuple(rows))


def _loads(material: Material, loads: list[SourceLoad]) -> Table:
    t = material.texts.text
    columns = (
        Column(t("column.table"), numeric=False),
        Column(t("column.files")),
        Column(t("column.files_refused")),
        Column(t("column.rows_in_files")),
        Column(t("column.loaded")),
        Column(t("column.ignored")),
        Column(t("column.rejected")),
        Column(t("column.latest_data"), numeric=False),
        Column(t("column.last_loaded", zone=material.zone), numeric=False),
    )
    rows: list[tuple[Cell, ...]] = []
    for load in loads:
        key = _load_id(load)
        rows.append(
            (
                Text(load.table_name, head=True),
                _count(load.files_taken, key, "files_taken"),
                _count(load.files_refused, key, "files_refused"),
                _count(load.rows_in_files, key, "rows_in_files"),
                _count(load.loaded, key, "loaded"),
                _count(load.ignored, key, "ignored"),
                _count(load.rejected, key, "rejected"),
                Text(load.latest_data_on.isoformat() if load.latest_data_on else NOTHING),
                Text(f"{load.last_loaded_at:%Y-%m-%d %H:%M}" if load.last_loaded_at else NOTHING),
            )
        )
    return Table("source-loads", t("quality.loads_caption"), columns, tuple(rows))


def glossary(material: Material) -> Section:
    """The definition of each metric of the report, as the release carries it."""
    t = material.texts.text
    definitions = tuple(
        Definition(
            d.metric,
            d.label,
            d.description,
            d.numerator,
            d.denominator,
            (
                (t("glossary.unit"), _word(material, f"unit.{d.unit}", d.unit)),
                (t("glossary.direction"), _word(material, f"direction.{d.direction}", d.direction)),
                (t("glossary.additivity"), _word(material, f"additivity.{d.additivity}", d.additivity)),
                (t("glossary.owner"), d.owner or NOTHING),
            ),
        )
        for d in material.definitions.values()
    )
    block: Block = Glossary(definitions) if definitions else material.empty()
    return Section("glossary", t("glossary.title"), t("glossary.lead"), (block,), annex=True)


def _word(material: Material, key: str, value: str) -> str:
    """The word for a value of the definitions; a value that the texts do not know stands for itself."""
    return material.texts.text(key) if key in material.texts.texts else value


def evidence(material: Material, sections: Iterable[Section]) -> Section:
    """The rows behind each sentence: those of metrics and weak spots with their numbers, others by their id."""
    t = material.texts.text
    found = [s for part in sections for b in part.blocks if isinstance(b, Sentences) for s in b.sentences]
    found += [part.message for part in sections if part.message is not None]
    sentences = {sentence.id: sentence for sentence in found}.values()
    rows = _rows_of(material, sentences)
    items = tuple(Evidence(sentence, _evidence_table(material, sentence, rows)) for sentence in sentences)
    block: Block = EvidenceList(items) if items else material.empty()
    return Section("evidence", t("evidence.title"), t("evidence.lead"), (block,), annex=True)


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
    t = material.texts.text
    spots = {spot.id: spot for spot in material.weak_spots}
    lines: list[tuple[Cell, ...]] = []
    for key in sentence.rows:
        if (row := rows.get(key)) is not None:
            definition = material.definitions[row.metric]
            label = definition.label if row.group_by == "all" else f"{definition.label} · {row.group_label}"
            parts = (part_of(row, "numerator"), part_of(row, "denominator"))
            lines.append((Text(key, head=True), Text(label), value_of(row, definition), *parts, part_of(row, "n")))
        elif (spot := spots.get(key)) is not None:
            hours = Number(spot.excess_need_hours, NumberFormat.HOURS, key, "excess_need_hours")
            name = t(
                "evidence.weak_spot",
                name=weak_spot_name(spot.category, spot.owner_department, spot.product_category),
                share=material.say(Number(spot.share, NumberFormat.RATE)),
                cumulative=material.say(Number(spot.cumulative_share, NumberFormat.RATE)),
            )
            needs = _count(spot.needs, key, "needs")
            dash = Text(NOTHING, mark="muted")
            lines.append((Text(key, head=True), Text(name), hours, dash, dash, needs))
        else:
            dash = Text(NOTHING, mark="muted")
            lines.append((Text(key, head=True), Text(t("evidence.see_table")), dash, dash, dash, dash))
    columns = (
        Column(t("column.row"), numeric=False),
        Column(t("column.metric"), numeric=False),
        Column(t("column.value")),
        Column(t("column.numerator")),
        Column(t("column.denominator")),
        Column(t("column.n")),
    )
    return Table(f"rows-of-{sentence.id}", sentence.text, columns, tuple(lines))
