"""Puts the report together from the release: which sections there are, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.figures import Quarter
from dashboards.report.content.material import Material
from dashboards.report.content.model import Cover, ReleaseFacts, Report, Section
from dashboards.report.content.sections import closure, flow, groups, overview, reference, weak_spots
from dashboards.report.release import Release

SECTIONS: tuple[Callable[[Material], Section], ...] = (
    overview.at_a_glance,
    overview.all_figures,
    closure.funnel,
    closure.deadlines,
    flow.trends,
    weak_spots.weak_spots,
    closure.comebacks,
    closure.ratings,
    flow.backlog,
    groups.departments,
    groups.branches,
    groups.channels,
    reference.data_quality,
    groups.annex,
    reference.glossary,
)


def build_report(release: Release, quarter: Quarter, texts: Catalogue) -> Report:
    """The whole report in the language of the texts."""
    facts = release.facts()
    material = Material(release, quarter, release.definitions(), texts)
    sections = [build(material) for build in SECTIONS]
    sections.append(reference.evidence(material, sections))
    return Report(texts.language, _cover(facts, quarter, texts), tuple(sections), facts)


def _cover(facts: ReleaseFacts, quarter: Quarter, texts: Catalogue) -> Cover:
    t, now = texts.text, quarter.now
    year, number = now.period.split("Q")
    shown = (
        (t("cover.covers"), t("cover.days", first=now.starts_on.isoformat(), last=now.covered_until.isoformat())),
        (t("cover.as_of"), facts.as_of.isoformat()),
        (t("cover.release"), facts.release_id),
        (t("cover.created_at"), f"{facts.created_at:%Y-%m-%d %H:%M}"),
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
