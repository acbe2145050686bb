"""Puts the report together from the release and the declared sections."""

from __future__ import annotations

from datetime import datetime, tzinfo

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.blocks import note
from dashboards.report.content.declared import DeclaredSection, storyline
from dashboards.report.content.evidence import evidence
from dashboards.report.content.figures import Quarter
from dashboards.report.content.material import Material, zone_of
from dashboards.report.content.model import Block, Cover, ReleaseFacts, Report, Section, Sentence, Sentences
from dashboards.report.content.parts import block, holds, sentences
from dashboards.report.release import Release


def build_report(release: Release, quarter: Quarter, texts: Catalogue, time_zone: tzinfo) -> Report:
    """The whole report in the language of the texts; moments are shown in the time zone."""
    facts = release.facts()
    material = Material(release, quarter, release.definitions(), texts, time_zone)
    sections = [_section(material, one) for one in storyline()]
    sections.append(evidence(material, sections))
    return Report(texts.language, _cover(facts, quarter, texts, time_zone), tuple(sections), facts)


def _section(material: Material, declared: DeclaredSection) -> Section:
    title, lead = material.text(f"{declared.id}.title"), material.text(f"{declared.id}.lead")
    message: Sentence | None = None
    blocks: list[Block] = [note(material, declared.empty)]
    if all(holds(material, need) for need in declared.needs):
        message = next((said for one in declared.message for said in sentences(material, one)), None)
        blocks = [built for one in declared.blocks for built in block(material, declared.id, one)]
        blocks = [left for built in blocks if (left := _without(built, message)) is not None]
    return Section(declared.id, title, lead, tuple(blocks), declared.annex, message, declared.slide)


def _without(block: Block, message: Sentence | None) -> Block | None:
    """A block that does not repeat the section's message; None where nothing else was in it."""
    if not isinstance(block, Sentences) or message is None:
        return block
    left = tuple(sentence for sentence in block.sentences if sentence.id != message.id)
    return Sentences(left) if left else None


def _cover(facts: ReleaseFacts, quarter: Quarter, texts: Catalogue, time_zone: tzinfo) -> Cover:
    t, now = texts.text, quarter.now
    year, number = now.period.split("Q")
    shown = (
        (t("cover.covers"), t("cover.days", first=now.starts_on.isoformat(), last=now.covered_until.isoformat())),
        (t("cover.as_of"), facts.as_of.isoformat()),
        (t("cover.release"), facts.release_id),
        (t("cover.created_at"), _moment(facts.created_at, time_zone)),
        (t("cover.run"), facts.run_id),
        (t("cover.version"), t("cover.versions", product=facts.product_version, contract=facts.contract_version)),
    )
    return Cover(
        title=t("cover.title"),
        subtitle=t("cover.subtitle"),
        quarter=now.period,
        quarter_label=t("cover.quarter", year=year, number=number),
        in_progress_label=t("mark.in_progress_until", until=now.covered_until.isoformat()) if now.in_progress else None,
        facts=shown,
    )


def _moment(moment: datetime, time_zone: tzinfo) -> str:
    """A moment with its distance from UTC: a reader elsewhere must not mistake it for local time."""
    local = moment.astimezone(time_zone)
    return f"{local:%Y-%m-%d %H:%M} ({zone_of(local)})"
