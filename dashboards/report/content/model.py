"""The report as data: sections of sentences, key figures, tables, charts and notes, without any rendering.

Every number keeps its exact published value and the id of the published row it comes from, so that a renderer can
write it as text (HTML, PDF), as a cell (XLSX) or as a native chart (PPTX), and a reader can find it in the release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from needloop.document_forms import Language


class NumberFormat(StrEnum):
    """How a number is to be read: the forms of needloop/number_forms.yml."""

    COUNT = "count"  # whole things
    QUANTITY = "quantity"  # a sum: whole where it is whole, else one decimal
    RATE = "rate"  # a share of 1, written in per cent
    HOURS = "hours"
    SCORE = "score"  # a mean of points given
    POINTS = "points"  # an index such as NPS
    DENSITY = "density"  # so many per ten thousand of something
    MONEY = "money"  # yuan
    PROBABILITY = "probability"  # of a test: how often chance alone would give as much


@dataclass(frozen=True)
class Number:
    """One published number.

    value: the exact value, None where the release has none. row: id of the published row (see `row_id`), None for
    numbers that are not from metric rows. field: the column of that row. small: rests on too few cases.
    hidden: too few cases for a league table; the value is then None and must not be shown. pending: there are cases,
    but it is too early to tell (a cohort that is not mature); the value is then None. change: a difference between
    two periods, written with its sign and, for rates, in percentage points.
    """

    value: float | None
    format: NumberFormat
    row: str | None = None
    field: str = "value"
    small: bool = False
    hidden: bool = False
    pending: bool = False
    change: bool = False


class Movement(StrEnum):
    """Where a number moved, as it is written (a change that rounds to nothing is flat)."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Whether a movement is good, by the direction that the metric's definition gives."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Change:
    """A number against the same number of another quarter."""

    period: str | None
    amount: Number
    base: Number
    movement: Movement
    verdict: Verdict


@dataclass(frozen=True)
class Text:
    """A cell that holds words; row heads are marked so that renderers can treat them as headers."""

    text: str
    head: bool = False
    mark: Literal["none", "good", "bad", "muted"] = "none"


Cell = Number | Change | Text


@dataclass(frozen=True)
class Column:
    """A table's column; numeric columns are set flush right."""

    title: str
    numeric: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; `notes` are sentences below it. heat: its rates are shaded by their size."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    heat: bool = False


class ChartKind(StrEnum):
    """The forms a chart can take; each renderer draws all of them."""

    BARS = "bars"  # horizontal bars; a second series is drawn as a tick to compare with
    LINES = "lines"  # one line a series over periods
    STACKED_COLUMNS = "stacked_columns"  # one column a period, series stacked
    PARETO = "pareto"  # bars by size, second series the cumulative share
    SPARKLINE = "sparkline"  # a line without axes, for a key figure


@dataclass(frozen=True)
class Point:
    """One value of a series. `key` is unique within the series, `label` may have several lines."""

    key: str
    label: str
    number: Number
    in_progress: bool = False


@dataclass(frozen=True)
class Series:
    """Values that belong together, in the order to be drawn."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """A chart as data. `description` says in words what it shows, for those who cannot see it."""

    id: str
    kind: ChartKind
    title: str
    description: str
    series: tuple[Series, ...]
    category_title: str
    wide: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChartGroup:
    """Charts that are read side by side."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class KeyFigure:
    """A headline number with what it is made of and how it moved."""

    metric: str
    label: str
    number: Number
    parts: tuple[tuple[str, Number], ...]
    changes: tuple[Change, ...]
    trend: Chart | None
    in_progress: bool


@dataclass(frozen=True)
class KeyFigures:
    """The headline numbers, in order of importance."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence that a rule wrote over published numbers. `rows`: ids of the rows it is built from."""

    id: str
    rule: str
    text: str
    rows: tuple[str, ...]
    verdict: Verdict = Verdict.NEUTRAL


@dataclass(frozen=True)
class Sentences:
    """Findings, the most important first."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Note:
    """A remark: how to read what follows, or that there is nothing to show."""

    text: str
    kind: Literal["remark", "empty", "warning"] = "remark"


@dataclass(frozen=True)
class Definition:
    """A metric's definition as the release carries it."""

    metric: str
    label: str
    description: str
    numerator: str
    denominator: str
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Glossary:
    """The definitions of all metrics of the report."""

    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class Evidence:
    """What a sentence rests on: its id, its text and the published rows behind it as a table."""

    sentence: Sentence
    table: Table


@dataclass(frozen=True)
class EvidenceList:
    """The evidence of all sentences."""

    items: tuple[Evidence, ...]


Block = KeyFigures | Sentences | Table | Chart | ChartGroup | Note | Glossary | EvidenceList


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading.

    message: what the part says in one short sentence. slide: shown in the presentation.
    """

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    annex: bool = False
    message: Sentence | None = None
    slide: bool = False


@dataclass(frozen=True)
class ReleaseFacts:
    """Which release the report was made from; created_at is in UTC."""

    release_id: str
    as_of: date
    created_at: datetime
    run_id: str
    product_version: str
    contract_version: str


@dataclass(frozen=True)
class Cover:
    """What stands on the first page. `facts` are pairs of label and value."""

    title: str
    subtitle: str
    quarter: str
    quarter_label: str
    in_progress_label: str | None
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """The whole report in one language."""

    language: Language
    cover: Cover
    sections: tuple[Section, ...]
    release: ReleaseFacts


def row_id(metric: str, period: str, group_by: str, group_value: str) -> str:
    """The id of a published row: its key in metric_values, joined so that it can be searched for."""
    return "/".join((metric, period, group_by, group_value))
