"""Reads the published release: typed rows for the report, selected by SQL, never computed here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from dashboards.report.content.model import ReleaseFacts, row_id
from dashboards.report.errors import ReportError
from needloop.document_forms import Language
from needloop.release import reader

# of the metrics that this report is about, in its order
SECTIONS = (
    "needs_closure",
    "complaints",
    "claims",
    "policies",
    "customer_lifecycle",
    "followup",
    "training_effectiveness",
)

_TABLES = (
    "metric_values",
    "mart_metric_trend",
    "dim_metric",
    "dim_period",
    "dim_group_value",
    "mart_weak_spots",
    "release_info",
    "mart_quality_checks",
    "mart_source_loads",
    "mart_backlog_flow",
    "mart_need_board",
    "mart_need_board_counts",
    "mart_raci",
    "mart_open_complaint_counts",
)

# a release of an older version does without these
_GAP_TABLES = ("mart_open_gap_counts", "mart_followup_reminder_counts")
_CLOSING_TABLES = ("mart_closed_quarters", "mart_restatements", "mart_restatement_causes")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")
_BILINGUAL = re.compile(r"([^a-zA-Z]*[\u4e00-\u9fff][^a-zA-Z]*?)\s+([a-zA-Z][^\u4e00-\u9fff]*)")


@dataclass(frozen=True)
class Period:
    """A quarter of the release; covered_until is the last day that it sees."""

    period: str
    starts_on: date
    ends_on: date
    covered_until: date
    in_progress: bool
    previous: str | None
    year_before: str | None
    order: int


@dataclass(frozen=True)
class MetricDefinition:
    """A metric as dim_metric defines it, in one language."""

    metric: str
    label: str
    description: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    additivity: str
    factor: float
    owner: str
    section: str
    has_total: bool  # whether there is a number over all groups for a quarter; some make sense by group or month only


@dataclass(frozen=True)
class MetricRow:
    """A published number with its comparison, as mart_metric_trend has it."""

    metric: str
    period: str
    group_by: str
    group_value: str
    group_label: str
    numerator: float | None
    denominator: float | None
    value: float | None
    n: int
    in_progress: bool
    is_small: bool
    previous_value: float | None
    year_before_value: float | None
    change_previous: float | None
    change_year_before: float | None

    @property
    def id(self) -> str:
        """The row's key, by which sentences and cells refer to it."""
        return row_id(self.metric, self.period, self.group_by, self.group_value)


@dataclass(frozen=True)
class WeakSpot:
    """A category x department x product category and the hours its needs were overdue in the quarter."""

    period: str
    rank: int
    category: str
    owner_department: str
    product_category: str
    excess_need_hours: float
    needs: int
    share: float | None
    cumulative_share: float | None

    @property
    def id(self) -> str:
        """The row's key: the quarter and the rank."""
        return f"weak_spot/{self.period}/{self.rank}"


@dataclass(frozen=True)
class BacklogFlow:
    """How the backlog of a group went from the start of a quarter to its end."""

    period: str
    group_by: str
    group_value: str
    group_label: str
    opening_backlog: float
    raised: float
    reopened: float
    resolved: float
    rejected: float
    closing_backlog: float
    in_progress: bool

    @property
    def id(self) -> str:
        """The row's key."""
        return f"backlog_flow/{self.period}/{self.group_by}/{self.group_value}"


@dataclass(frozen=True)
class BoardSummary:
    """The open needs of one accountable department, or of all: how many, how many overdue, how long."""

    department: str
    label: str
    open_needs: int
    overdue: int
    due_soon: int
    overdue_hours: float
    most_overdue_hours: float | None
    due_soon_hours: int

    @property
    def id(self) -> str:
        """The row's key."""
        return f"need_board/{self.department}"


@dataclass(frozen=True)
class BoardNeed:
    """An open need as the tracking board lists it; hours_to_due is negative when it is overdue."""

    rank: int
    need_id: str
    category: str
    grade: str
    accountable: str
    responsible: str
    due_at: datetime
    hours_to_due: float
    last_event: str
    days_since_last_event: float

    @property
    def id(self) -> str:
        """The row's key."""
        return f"need_board/{self.need_id}"


@dataclass(frozen=True)
class Responsibility:
    """What a department is for a category of needs: accountable, responsible, consulted or informed."""

    category: str
    department: str
    roles: str


@dataclass(frozen=True)
class OpenComplaints:
    """Open complaints by the limit that they have passed, or all of them."""

    limit_passed: str
    label: str
    complaints: int
    regulator_referred: int
    oldest_days: float

    @property
    def id(self) -> str:
        """The row's key."""
        return f"open_complaints/{self.limit_passed}"


@dataclass(frozen=True)
class OpenGaps:
    """Gaps in cover of one rule, or of all, that are open at as_of, and those that a product on sale may close."""

    rule: str
    label: str
    gaps: int
    actionable: int

    @property
    def id(self) -> str:
        """The row's key."""
        return f"open_gaps/{self.rule}"


@dataclass(frozen=True)
class Reminders:
    """Next steps of opportunities that are over their limit at as_of, or will be soon."""

    step: str
    label: str
    overdue: int
    due_soon: int
    most_overdue_hours: float | None

    @property
    def id(self) -> str:
        """The row's key."""
        return f"followup_reminders/{self.step}"


@dataclass(frozen=True)
class ClosedQuarter:
    """A quarter whose numbers were archived, and how many of them have changed since; closed_at is UTC."""

    quarter: str
    closed_at: datetime
    release_id: str
    numbers: int
    restated_numbers: int
    restated_metrics: int


@dataclass(frozen=True)
class Restatement:
    """A number of a closed quarter as it was and as it is, and why."""

    quarter: str
    metric: str
    period: str
    group_by: str
    group_value: str
    group_label: str
    old_value: float | None
    new_value: float | None
    cause: str

    @property
    def id(self) -> str:
        """The row's key."""
        return f"restatement/{row_id(self.metric, self.period, self.group_by, self.group_value)}"


@dataclass(frozen=True)
class RestatementCause:
    """A row that came after a closing, or what else has changed; loaded_at is local time."""

    quarter: str
    kind: str
    name: str
    row_key: str | None
    file: str | None
    line: int | None
    changed_columns: str | None
    loaded_at: datetime | None


@dataclass(frozen=True)
class QualityCheck:
    """The outcome of one quality check of the run that made the release."""

    table_name: str
    system: str
    check_name: str
    severity: str
    owner: str
    passed: bool
    failed_rows: int | None
    checked_rows: int | None
    label: str
    message: str
    remedy: str

    @property
    def id(self) -> str:
        """The row's key."""
        return f"quality_check/{self.table_name}/{self.check_name}"


@dataclass(frozen=True)
class SourceLoad:
    """What was delivered for one source table, and until when its data reach."""

    table_name: str
    system: str
    files_taken: int
    files_refused: int
    rows_in_files: int
    loaded: int
    ignored: int
    rejected: int
    last_loaded_at: datetime | None
    latest_data_on: date | None

    @property
    def id(self) -> str:
        """The row's key."""
        return f"source_load/{self.table_name}"


@dataclass(frozen=True)
class League:
    """Groups in the order of one metric. `places` holds those that are ranked; groups counts also those left out."""

    rows: tuple[MetricRow, ...]
    places: dict[str, int]
    groups: int


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _printable(value: Any) -> Any:
    """Control characters in a label have no place in any form of the report, and office files do not take them."""
    return _CONTROL.sub(" ", value) if isinstance(value, str) else value


def _in_language(name: str, language: Language) -> str:
    """One half of a name that is given in Chinese and then in English; any other name as it is."""
    halves = _BILINGUAL.fullmatch(name)
    return name if halves is None else halves[1 if language == "zh" else 2]


class Release:
    """A published release that is open for reading, in one language."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, language: Language) -> None:
        self._connection = connection
        self._language = language
        self._other: Language = "en" if language == "zh" else "zh"

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over the published tables, without control characters."""
        rows = self._connection.execute(sql, list(parameters)).fetchall()
        return [tuple(_printable(value) for value in row) for row in rows]

    def named(self, prefix: str, fallback: str = "''") -> str:
        """SQL for a label in this language; where it is missing, the other language's, then the fallback."""
        joint = f"{prefix}_" if prefix else ""
        return f"coalesce(nullif({joint}{self._language}, ''), nullif({joint}{self._other}, ''), {fallback})"

    def facts(self) -> ReleaseFacts:
        """Which release this is. Raises ReportError when the release does not say."""
        rows = self.fetch(
            "select release_id, as_of, created_at, run_id, product_version, contract_version::varchar from release_info"
        )
        if len(rows) != 1:
            raise ReportError(
                "The published release does not say which release it is. Publish again with `needloop run`."
            )
        release_id, as_of, created_at, *versions = rows[0]
        return ReleaseFacts(release_id, as_of, created_at.replace(tzinfo=UTC), *versions)

    def quarters(self) -> list[Period]:
        """All quarters of the release, the earliest first."""
        rows = self.fetch(
            """select period, starts_on, ends_on, covered_until, in_progress, previous_period, year_before_period,
            period_order from dim_period where period_type = 'quarter' order by starts_on"""
        )
        return [Period(*row) for row in rows]

    def definitions(self) -> dict[str, MetricDefinition]:
        """The metrics of the report by name, in their order of display."""
        rows = self.fetch(
            f"""select metric, {self.named("metrics.label", "metric")}, {self.named("description")},
            {self.named("numerator")}, {self.named("denominator")}, unit, direction, additivity,
            factor, {self.named("departments.label", "coalesce(owner, '')")}, section,
            has_total and (
                metric not in (select metric from metric_values where period_type = 'month')
                or metric in (select metric from metric_values where period_type = 'quarter')
            )
            from dim_metric metrics left join dim_group_value departments
            on departments.group_by = 'owner_department' and departments.group_value = metrics.owner
            where list_contains(?, section) order by list_position(?, section), display_order, metric""",
            [list(SECTIONS), list(SECTIONS)],
        )
        return {row[0]: MetricDefinition(*row) for row in rows}

    def grouping_titles(self) -> dict[str, str]:
        """What the groupings themselves are called, where the release names them."""
        label = self.named("label", "group_value")
        return dict(self.fetch(f"select group_value, {label} from dim_group_value where group_by = 'group_by'"))

    def rows(
        self, periods: Sequence[str], group_by: str = "all", metrics: Sequence[str] | None = None
    ) -> list[MetricRow]:
        """Published numbers of some quarters or months and one grouping, by metric, group and period."""
        wanted = "" if metrics is None else "and list_contains(?, metric)"
        parameters: list[object] = [list(SECTIONS), list(periods), group_by]
        if metrics is not None:
            parameters.append(list(metrics))
        return self._metric_rows(
            f"list_contains(?, section) and list_contains(?, period) and group_by = ? {wanted}",
            parameters,
        )

    def league(self, period: str, group_by: str, metrics: Sequence[str], *, by: str, ends: int) -> League:
        """Groups ranked by one metric, the best first: all, or `ends` from each end if there are more than twice those.

        Groups whose number rests on too few cases have no place; they follow the others where all groups are shown.
        """
        chosen = self.fetch(
            """with grouped as (
                select group_value, max(value) filter (metric = ? and not is_small) as ranked_by
                from mart_metric_trend
                where list_contains(?, section) and period_type = 'quarter' and period = ? and group_by = ?
                group by group_value
            ), placed as (
                select group_value, count(*) over () as groups, count(ranked_by) over () as ranked,
                case when ranked_by is not null
                    then row_number() over (order by ranked_by desc nulls last, group_value) end as place
                from grouped
            )
            select group_value, place, groups from placed
            where groups <= 2 * ? or place <= ? or place > ranked - ?
            order by place nulls last, group_value""",
            [by, list(SECTIONS), period, group_by, ends, ends, ends],
        )
        order = {group_value: position for position, (group_value, _, _) in enumerate(chosen)}
        rows = self._metric_rows(
            """list_contains(?, section) and period_type = 'quarter' and period = ? and group_by = ?
            and list_contains(?, metric)
            and list_contains(?, group_value)""",
            [list(SECTIONS), period, group_by, list(metrics), list(order)],
        )
        return League(
            rows=tuple(sorted(rows, key=lambda row: order[row.group_value])),
            places={group_value: place for group_value, place, _ in chosen if place is not None},
            groups=chosen[0][2] if chosen else 0,
        )

    def _metric_rows(self, condition: str, parameters: Sequence[object]) -> list[MetricRow]:
        rows = self.fetch(
            f"""select metric, period, group_by, group_value, {self.named("group_label", "group_value")},
            numerator, denominator, value, coalesce(n, 0), in_progress, is_small,
            previous_value, year_before_value, change_previous, change_year_before
            from mart_metric_trend where {condition}
            order by display_order, metric, group_sort_order nulls last, group_value, period""",
            parameters,
        )
        return [MetricRow(*row[:5], *map(_finite, row[5:8]), *row[8:11], *map(_finite, row[11:15])) for row in rows]

    def weak_spots(self, period: str) -> list[WeakSpot]:
        """The weak spots of a quarter, the worst first."""
        labels = ", ".join(
            self.named(f"{part}_label", part) for part in ("category", "owner_department", "product_category")
        )
        rows = self.fetch(
            f"""select period, rank, {labels}, excess_need_hours, needs, share, cumulative_share
            from mart_weak_spots where period = ? order by rank, category, owner_department, product_category""",
            [period],
        )
        return [WeakSpot(*row) for row in rows]

    def backlog_flow(self, periods: Sequence[str], group_by: str = "all") -> list[BacklogFlow]:
        """How the backlog moved in some quarters, by quarter and group."""
        rows = self.fetch(
            f"""select flow.period, flow.group_by, flow.group_value, {self.named("group_label", "flow.group_value")},
            opening_backlog, raised, reopened, resolved, rejected, closing_backlog, flow.in_progress
            from mart_backlog_flow flow
            left join dim_group_value labels using (group_by, group_value)
            join dim_period on dim_period.period = flow.period and dim_period.period_type = 'quarter'
            where list_contains(?, flow.period) and flow.group_by = ?
            order by period_order, labels.sort_order nulls last, flow.group_value""",
            [list(periods), group_by],
        )
        return [BacklogFlow(*row) for row in rows]

    def board_summary(self) -> list[BoardSummary]:
        """The tracking board by accountable department, the one with most overdue needs first, and `all` at the end."""
        rows = self.fetch(
            f"""select department, {self.named("department_label", "department")},
            open_needs, overdue, due_soon, overdue_hours, most_overdue_hours, due_soon_hours
            from mart_need_board_counts where department_role in ('all', 'accountable') and grade = 'all'
            order by department_role = 'all', overdue desc, department"""
        )
        return [BoardSummary(*row) for row in rows]

    def board(self, needs: int) -> list[BoardNeed]:
        """The first needs of the tracking board, the longest overdue first."""
        rows = self.fetch(
            f"""select board_rank, need_id, {self.named("category_label", "category")},
            {self.named("grade_label", "grade")}, {self.named("accountable_department_label", "''")},
            {self.named("responsible_departments_label", "''")}, due_at, hours_to_due,
            {self.named("last_event_label", "coalesce(last_event, '')")}, days_since_last_event
            from mart_need_board order by board_rank limit ?""",
            [needs],
        )
        return [BoardNeed(*row) for row in rows]

    def responsibilities(self) -> list[Responsibility]:
        """Who does what for which category, in the order of categories, then departments."""
        rows = self.fetch(
            f"""select {self.named("category_label", "category")}, {self.named("department_label", "department")},
            raci_roles from mart_raci order by category_sort_order, department_sort_order"""
        )
        return [Responsibility(*row) for row in rows]

    def open_complaints(self) -> list[OpenComplaints]:
        """Open complaints by limit passed, the latest limit first, and `all` at the end."""
        rows = self.fetch(
            f"""select limit_passed, {self.named("limit_passed_label", "limit_passed")},
            complaints, regulator_referred, oldest_days
            from mart_open_complaint_counts where limit_passed <> 'any' and complaints > 0
            order by limit_passed = 'all', limit_order desc"""
        )
        return [OpenComplaints(*row) for row in rows]

    def closed_quarters(self) -> list[ClosedQuarter]:
        """The quarters that were closed, the latest first."""
        if not self.has(_CLOSING_TABLES):
            return []
        rows = self.fetch(
            """select quarter, closed_at, release_id, numbers, restated_numbers, restated_metrics
            from mart_closed_quarters order by quarter desc"""
        )
        return [ClosedQuarter(*row) for row in rows]

    def restatements(self, quarters: Sequence[str]) -> list[Restatement]:
        """Numbers of closed quarters that have changed: the latest quarter and the widest numbers first."""
        rows = self.fetch(
            f"""select quarter, r.metric, period, r.group_by, r.group_value,
            {self.named("g.label", "r.group_value")}, case when isfinite(old_value) then old_value end,
            case when isfinite(new_value) then new_value end, {self.named("cause")}
            from mart_restatements r
            left join dim_metric m using (metric)
            left join dim_group_value g on g.group_by = r.group_by and g.group_value = r.group_value
            where list_contains(?, quarter)
            order by quarter desc, r.group_by <> 'all', period <> quarter, m.display_order nulls last, r.metric, period,
            r.group_by, r.group_value""",
            [list(quarters)],
        )
        return [Restatement(*row) for row in rows]

    def restatement_causes(self, quarters: Sequence[str]) -> list[RestatementCause]:
        """What explains the restatements of some quarters."""
        rows = self.fetch(
            f"""select quarter, {self.named("kind_label", "kind")}, cause_name, row_key, file, line,
            changed_columns, loaded_at from mart_restatement_causes
            where list_contains(?, quarter) order by quarter desc, cause_number""",
            [list(quarters)],
        )
        return [RestatementCause(*row) for row in rows]

    def has(self, tables: Sequence[str]) -> bool:
        """Whether the release has some tables that an older version did not make."""
        found = self.fetch(
            """select count(*) from duckdb_tables() where database_name = 'release_file'
            and list_contains(?, table_name)""",
            [list(tables)],
        )
        return bool(found[0][0] == len(tables))

    def group_labels(self, group_by: str) -> dict[str, str]:
        """What the groups of a grouping are called, in their order, without the unknown one."""
        label = self.named("label", "group_value")
        return dict(
            self.fetch(
                f"""select group_value, {label} from dim_group_value
                where group_by = ? and group_value <> 'unknown' order by sort_order, group_value""",
                [group_by],
            )
        )

    def open_gaps(self) -> list[OpenGaps]:
        """Gaps in cover that are open at as_of, by rule in their order, and `all` at the end."""
        if not self.has(_GAP_TABLES):
            return []
        rows = self.fetch(
            f"""select rule, {self.named("rule_label", "rule")}, gaps, actionable
            from mart_open_gap_counts order by rule = 'all', rule_order nulls last, rule"""
        )
        return [OpenGaps(*row) for row in rows]

    def reminders(self) -> list[Reminders]:
        """Steps of the follow-up path that are over their limit at as_of or nearly, by step, and `all` at the end."""
        if not self.has(_GAP_TABLES):
            return []
        rows = self.fetch(
            f"""select step, {self.named("step_label", "step")}, overdue, due_soon, most_overdue_hours
            from mart_followup_reminder_counts order by step = 'all', step_order nulls last, step"""
        )
        return [Reminders(*row) for row in rows]

    def checks(self) -> list[QualityCheck]:
        """Every quality check: the failed ones first, blocking before warning."""
        rows = self.fetch(
            f"""select table_name, system, check_name, severity, coalesce(owner, ''), passed, failed_rows, checked_rows,
            {self.named("label", "check_name")}, {self.named("message")}, {self.named("remedy")}
            from mart_quality_checks order by passed, severity, table_name, check_name"""
        )
        checks = [QualityCheck(*row) for row in rows]
        return [replace(check, owner=_in_language(check.owner, self._language)) for check in checks]

    def loads(self) -> list[SourceLoad]:
        """What was delivered, a row a source table."""
        rows = self.fetch(
            """select table_name, system, coalesce(files_taken, 0), coalesce(files_refused, 0),
            coalesce(rows_in_files, 0), coalesce(loaded, 0), coalesce(ignored, 0), coalesce(rejected, 0),
            last_loaded_at, latest_data_on from mart_source_loads order by system, table_name"""
        )
        return [SourceLoad(*row) for row in rows]


@contextmanager
def open_release(published_file: Path, language: Language) -> Iterator[Release]:
    """The release that `published_file` names at this moment, for reading in one language.

    Raises ReportError when there is no release, it cannot be read, or another version made it.
    """
    try:
        with reader.open_release(published_file, tables=frozenset(_TABLES)) as connection:
            yield Release(connection, language)
    except (reader.NoReleaseError, reader.UnreadableReleaseError) as error:
        raise ReportError(str(error)) from error
