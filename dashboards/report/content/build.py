"""Puts the report together from the release: which sections there are, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.figures import Quarter
from dashboards.report.content.material import Material, zone_of
from dashboards.report.content.model import Cover, ReleaseFacts, Report, Section
from dashboards.report.content.sections import (
    board,
    closure,
    complaints,
    flow,
    followup,
    groups,
    improvement_loop,
    lifecycle,
    overview,
    policies,
    reference,
    training,
    weak_spots,
)
from dashboards.report.release import Release

SECTIONS: tuple[Callable[[Material], Section], ...] = (
    overview.at_a_glance,
    overview.changes,
    overview.all_figures,
    closure.funnel,
    closure.deadlines,
    flow.trends,
    weak_spots.weak_spots,
    closure.comebacks,
    closure.ratings,
    flow.backlog,
    board.board,
    groups.departments,
    groups.branches,
    groups.channels,
    complaints.complaints,
    complaints.claims,
    policies.book,
    policies.persistency,
    policies.suitability,
    lifecycle.stages,
    lifecycle.retention,
    lifecycle.gaps,
    followup.followup,
    training.learning,
    training.effects,
    improvement_loop.improvement_loop,
    training.tested,
    reference.data_quality,
    groups.annex,
    board.responsibilities,
    reference.glossary,
)


def build_report(release: Release, quarter: Quarter, texts: Catalogue, time_zone: tzinfo) -> Report:
    """The whole report in the language of the texts; moments are shown in the time zone."""
    facts = release.facts()
    material = Material(release, quarter, release.definitions(), texts, time_zone)
    sections = [build(material) for build in SECTIONS]
    sections.append(reference.evidence(material, sections))
    return Report(texts.language, _cover(facts, quarter, texts, time_zone), tuple(sections), facts)


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
