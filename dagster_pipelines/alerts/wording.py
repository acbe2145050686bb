"""Renders incidents as one message in the reader's language, within the service's size limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from dagster_pipelines.alerts.configuration import Language
from dagster_pipelines.alerts.incident import Event, Incident
from expectations.check import Text
from needloop.settings import Settings

_TEXTS = Path(__file__).with_name("texts")
_MOST_SUBJECT = 120


@dataclass(frozen=True)
class Writing:
    """How a message is rendered: language, time zone, and links to details."""

    language: Language
    time_zone: str
    data: Path
    data_docs: str | None

    @classmethod
    def of(cls, settings: Settings, language: Language, data_docs: str | None) -> Writing:
        """The settings of this installation for a language."""
        return cls(language, settings.time_zone, settings.data, data_docs)

    @property
    def words(self) -> dict[str, Any]:
        """The texts of the language."""
        return _texts(self.language)

    def text(self, text: Text) -> str:
        """The text in this language."""
        return text.zh if self.language == "zh" else text.en

    def moment(self, moment: datetime) -> str:
        """The local time, to the minute."""
        return f"{moment.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d %H:%M}"

    def duration(self, length: timedelta) -> str:
        """Days and hours, hours and minutes, or minutes."""
        minutes = max(0, int(length.total_seconds() // 60))
        forms = self.words["duration"]
        if minutes >= 48 * 60:
            return str(forms["days"].format(days=minutes // 1440, hours=minutes % 1440 // 60))
        if minutes >= 60:
            return str(forms["hours"].format(hours=minutes // 60, minutes=minutes % 60))
        return str(forms["minutes"].format(minutes=minutes))

    def link(self, details: str) -> str:
        """The URL of the data docs where the bank serves them, otherwise the file path."""
        served = details.removeprefix("quality/")
        if self.data_docs is not None and served != details:
            return f"{self.data_docs.rstrip('/')}/{served}"
        return str(self.data / details)


def incidents_message(
    event: Event, incidents: Sequence[Incident], writing: Writing, now: datetime, most_bytes: int
) -> tuple[str, str]:
    """(subject, body) of one message about incidents of one severity.

    Incidents that do not fit in full are shortened to a headline; the remaining ones are counted. `now` is aware.
    """
    first = incidents[0]
    subject = writing.words["subject"][event].format(
        severity=writing.words["severity"][first.severity],
        count=len(incidents),
        first=f"{first.where} {writing.text(first.title)}",
    )
    subject = " ".join(subject.split())[:_MOST_SUBJECT]
    footer = writing.words["footer"].format(data=writing.data)
    room = most_bytes - len(f"{subject}\n\n{footer}".encode()) - 100  # room for "n more" and what the service adds
    parts: list[str] = []
    for number, incident in enumerate(incidents):
        full, headline = _entry(event, incident, writing, now), _headline(incident, writing)
        part = next((text for text in (full, headline) if len(text.encode()) + 2 <= room), None)
        if part is None:
            parts.append(writing.words["more"].format(count=len(incidents) - number))
            break
        room -= len(part.encode()) + 2
        parts.append(part)
    return subject, "\n\n".join([*parts, footer])


def _headline(incident: Incident, writing: Writing) -> str:
    return str(writing.words["headline"].format(where=incident.where, title=writing.text(incident.title)))


def _entry(event: Event, incident: Incident, writing: Writing, now: datetime) -> str:
    words = writing.words
    since = {"since": writing.moment(incident.opened_at)}
    lines = [_headline(incident, writing)]
    if event == "resolved":
        until = incident.resolved_at or now
        lasted = writing.duration(until - incident.opened_at)
        lines.append(words["lasted"].format(**since, until=writing.moment(until), duration=lasted))
        lines.append(words["system"].format(system=incident.system, owner=incident.owner))
        return "\n".join(lines)
    lines.append(writing.text(incident.what))
    if incident.rows is not None and incident.checked_rows:
        lines.append(words["rows"].format(rows=f"{incident.rows:,}", checked=f"{incident.checked_rows:,}"))
    elif incident.rows:
        lines.append(words["rows_only"].format(rows=f"{incident.rows:,}"))
    lines.append(words["since"].format(**since, duration=writing.duration(now - incident.opened_at)))
    lines.append(words["system"].format(system=incident.system, owner=incident.owner))
    lines.append(words["remedy"].format(remedy=writing.text(incident.remedy)))
    if incident.details is not None:
        lines.append(words["details"].format(link=writing.link(incident.details)))
    if incident.keys is not None:
        lines.append(words["keys"].format(link=writing.link(incident.keys)))
    return "\n".join(line for line in lines if line)


@cache
def _texts(language: Language) -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((_TEXTS / f"{language}.yml").read_text("utf-8"))
    return texts
