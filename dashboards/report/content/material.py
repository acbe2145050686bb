"""What every builder of a section works with: the release, the quarter, the definitions, the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.figures import Quarter
from dashboards.report.content.model import Note, Number
from dashboards.report.number_text import number_text
from dashboards.report.release import MetricDefinition, MetricRow, Release, WeakSpot

ALL = "all"


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

    @cached_property
    def grades(self) -> list[MetricRow]:
        """The quarter's rows by grade."""
        return self.group("grade")

    @cached_property
    def departments(self) -> list[MetricRow]:
        """The quarter's rows by the department that owns the need."""
        return self.group("owner_department")

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

    def label(self, metric: str) -> str:
        """A metric's name as its definition gives it."""
        return self.definitions[metric].label if metric in self.definitions else metric

    def of_section(self, section: str) -> list[MetricDefinition]:
        """The definitions of one section of metrics, in their order of display."""
        return [definition for definition in self.definitions.values() if definition.section == section]

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

    def empty(self, key: str = "empty.metrics") -> Note:
        """The sentence that stands in the place of a chart or table without data."""
        return Note(self.texts.text(key, quarter=self.period), "empty")
