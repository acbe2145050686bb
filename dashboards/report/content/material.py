"""What every builder works with: the release, the quarter, the definitions, the texts, and rows once they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Any

from dashboards.report import training_release
from dashboards.report.catalogue import Catalogue
from dashboards.report.content.figures import Quarter
from dashboards.report.content.model import Number
from dashboards.report.number_text import number_text
from dashboards.report.release import (
    ClosedQuarter,
    MetricDefinition,
    MetricRow,
    Release,
    Restatement,
    RestatementCause,
    WeakSpot,
)
from dashboards.report.training_release import Weakness

ALL = "all"
NEEDS_LISTED = 15  # the dashboard has the whole board
QUARTERS_OF_FLOW = 8


def zone_of(local: datetime) -> str:
    """How far a local moment is from UTC."""
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


@dataclass(frozen=True)
class Material:
    """One report's material. Rows are read when first asked for."""

    release: Release
    quarter: Quarter
    definitions: dict[str, MetricDefinition]
    texts: Catalogue
    time_zone: tzinfo

    @property
    def period(self) -> str:
        """The report's quarter."""
        return self.quarter.now.period

    @cached_property
    def totals(self) -> dict[tuple[str, str], MetricRow]:
        """The rows over all groups, by metric and quarter, of the report's quarter and those before it."""
        periods = [period.period for period in self.quarter.history]
        return {(row.metric, row.period): row for row in self.release.rows(periods)}

    @cached_property
    def weak_spots(self) -> list[WeakSpot]:
        """The quarter's weak spots, the worst first."""
        return self.release.weak_spots(self.period)

    def total(self, metric: str, period: str | None = None) -> MetricRow | None:
        """A metric's row over all groups; without a period, of the report's quarter."""
        return self.totals.get((metric, period or self.period))

    def group(self, group_by: str, metrics: Sequence[str] | None = None) -> list[MetricRow]:
        """The quarter's rows of one grouping."""
        return self.release.rows([self.period], group_by, metrics)

    def known(self, *metrics: str) -> list[MetricDefinition]:
        """The definitions of those of the metrics that the release has, in this order."""
        return [self.definitions[metric] for metric in metrics if metric in self.definitions]

    @cached_property
    def _grouping_titles(self) -> dict[str, str]:
        return self.release.grouping_titles()

    def grouping(self, group_by: str) -> str:
        """What a grouping is called: by the release, else by the report's texts."""
        return self._grouping_titles.get(group_by) or self.texts.text(f"group.{group_by}")

    def grouping_in_text(self, group_by: str) -> str:
        """The same within a sentence: English writes it small there, unless it is an abbreviation."""
        title = self.grouping(group_by)
        return title if title[:2].isupper() else title[:1].lower() + title[1:]

    def label(self, metric: str) -> str:
        """A metric's name as its definition gives it."""
        return self.definitions[metric].label if metric in self.definitions else metric

    def of_section(self, section: str) -> list[MetricDefinition]:
        """The definitions of one section of metrics, in their order of display."""
        return [definition for definition in self.definitions.values() if definition.section == section]

    def totals_of(self, section: str) -> list[MetricDefinition]:
        """Those of a section of metrics that have numbers over all groups."""
        return [definition for definition in self.of_section(section) if definition.has_total]

    @cached_property
    def as_of(self) -> date:
        """The day up to which the release looks; the report's quarter may have ended before."""
        return self.release.facts().as_of

    @cached_property
    def zone(self) -> str:
        """How far local time is from UTC when the release was made, such as UTC+08:00."""
        return zone_of(self.local(self.release.facts().created_at))

    def local(self, moment: datetime) -> datetime:
        """A moment in the time zone of the report; without a zone of its own it is in UTC."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(self.time_zone)

    def say(self, number: Number) -> str:
        """A number as text in the report's language."""
        return number_text(number, self.texts.language)

    def text(self, key: str, **values: object) -> str:
        """A text of the report; quarter, days and zone are known to all of them."""
        return self.texts.text(key, **{**self._known_to_texts, **values})

    @cached_property
    def _known_to_texts(self) -> dict[str, object]:
        until = self.quarter.now.covered_until.isoformat()
        return {"quarter": self.period, "until": until, "as_of": self.as_of.isoformat(), "zone": self.zone}

    def rows(self, name: str) -> list[Any]:
        """Rows of the release that are no metrics, by their name in `ROWS`; read once."""
        if name not in self._read:
            self._read[name] = ROWS[name](self)
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, list[Any]]:
        return {}


def listed(value: str | Sequence[str]) -> Sequence[str]:
    """One name or several, as several."""
    return [value] if isinstance(value, str) else value


def _modules_to_strengthen(material: Material) -> list[Weakness]:
    """The first row of each module that has a share, in the order of their ranks."""
    first = {one.module: one for one in reversed(material.rows("weaknesses")) if one.module and one.module_share}
    return sorted(first.values(), key=lambda one: (one.module_rank or 0, one.module))


def _closed_quarters(material: Material) -> list[ClosedQuarter]:
    """Those of the report's quarter and the ones it is compared with that were closed."""
    now = material.quarter.now
    shown = (now.period, now.previous, now.year_before)
    return [one for one in material.release.closed_quarters() if one.quarter in shown]


def _restatement_causes(material: Material) -> list[RestatementCause]:
    """Why numbers of these quarters were restated, where any was."""
    quarters = [one.quarter for one in material.rows("closed_quarters")]
    return material.release.restatement_causes(quarters) if material.rows("restatements") else []


def _restatements(material: Material) -> list[Restatement]:
    quarters = [one.quarter for one in material.rows("closed_quarters")]
    return material.release.restatements(quarters) if quarters else []


def _retention(material: Material) -> list[MetricRow]:
    """Retention by quarter of first cover, in each quarter up to the report's."""
    periods = [period.period for period in material.quarter.history]
    return material.release.rows(periods, "cohort", ["retention"]) if material.known("retention") else []


ROWS: Mapping[str, Callable[[Material], list[Any]]] = {
    "weak_spots": lambda material: [spot for spot in material.weak_spots if spot.excess_need_hours > 0],
    "backlog_over_time": lambda material: material.release.backlog_flow(
        [period.period for period in material.quarter.history[-QUARTERS_OF_FLOW:]]
    ),
    "backlog_by_department": lambda material: material.release.backlog_flow([material.period], "owner_department"),
    "board_counts": lambda material: material.release.board_summary(),
    "board_departments": lambda material: [one for one in material.rows("board_counts") if one.department != ALL],
    "board_needs": lambda material: material.release.board(NEEDS_LISTED),
    "responsibilities": lambda material: material.release.responsibilities(),
    "open_complaints": lambda material: material.release.open_complaints(),
    "open_gaps": lambda material: material.release.open_gaps(),
    "reminders": lambda material: material.release.reminders(),
    "retention": _retention,
    "training_effects": lambda material: training_release.training_effects(material.release),
    "before_after": lambda material: training_release.before_after(material.release),
    "experiments": lambda material: training_release.experiments(material.release),
    "weaknesses": lambda material: training_release.weaknesses(material.release, material.period),
    "modules_to_strengthen": _modules_to_strengthen,
    "closed_quarters": _closed_quarters,
    "restatements": _restatements,
    "restatement_causes": _restatement_causes,
    "checks": lambda material: material.release.checks(),
    "failed_checks": lambda material: [check for check in material.rows("checks") if not check.passed],
    "loads": lambda material: material.release.loads(),
}
