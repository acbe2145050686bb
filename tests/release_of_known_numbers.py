"""A published release made without the pipeline: every number follows from a formula, so that tests know it beforehand.

The marts' columns come from the dbt models' contracts and the metrics from their semantic definitions; a mart that
changes its columns breaks this module rather than a bank's dashboard.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_pipelines.settings import MARTS_FILE, PROJECT_ROOT

_MODELS = PROJECT_ROOT / "dbt_project" / "models"
_LABELS = PROJECT_ROOT / "seeds" / "reference" / "labels.csv"
_MARTS = (
    "dim_metric",
    "dim_group_value",
    "dim_period",
    "mart_metric_trend",
    "mart_weak_spots",
    "mart_need_board",
    "mart_raci",
    "mart_open_complaints",
    "fct_claim",
)
_COMPARISONS = {"previous_value", "year_before_value", "change_previous", "change_year_before", "is_small"}
QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
IN_PROGRESS = "2026Q3"

# Whole numbers, so that each number can be worked out by hand: the metric's place in the list of metrics (m), the
# quarter's (q, from 1) and the group's (g, from 1; `all` is 1).
NUMERATOR = "m + 10 * q + g"
DENOMINATOR = "200 + g"
# The first branch, and each grade's first member, rests on fewer cases than the least that may be shown.
N = "case when group_by in ('branch', 'grade') and g = 1 then 29 else 30 + g end"


def publish(data: Path, release_id: str, keep: int = 3) -> Path:
    """Writes a release and swaps the symlink, as the pipeline does; returns the release's file."""
    folder = data / "releases" / release_id
    folder.mkdir(parents=True)
    file = folder / MARTS_FILE
    _write(file, release_id)
    point_to(data, release_id)
    remove_all_but(data, keep)
    return file


def point_to(data: Path, release_id: str) -> None:
    """Makes a release the current one in one atomic step."""
    beside = data / "current.next"
    beside.symlink_to(Path("releases") / release_id)
    beside.replace(data / "current")


def remove_all_but(data: Path, keep: int) -> None:
    """Deletes the oldest releases."""
    for folder in sorted((data / "releases").iterdir(), key=lambda release: release.name)[:-keep]:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def metrics() -> list[dict[str, Any]]:
    """The metrics of the semantic definitions, as rows of dim_metric."""
    found = []
    for file in sorted((_MODELS / "semantic_definitions").glob("*.yml")):
        for metric in yaml.safe_load(file.read_text("utf-8")).get("metrics", []):
            meta = metric.get("config", {}).get("meta", {})
            if "display_order" in meta:
                row = {"metric": metric["name"], "label_en": metric["label"], "description_en": metric["description"]}
                found.append({"factor": 1.0, "shift": 0.0, **meta, **row})
    return sorted(found, key=lambda metric: int(metric["display_order"]))


def columns(model: str) -> list[tuple[str, str]]:
    """Name and type of a mart's columns by its contract."""
    for file in (_MODELS / "marts").rglob("_*.yml"):
        for definition in yaml.safe_load(file.read_text("utf-8")).get("models", []):
            if definition["name"] == model:
                return [(column["name"], column["data_type"]) for column in definition["columns"]]
    raise LookupError(f"no model {model} under {_MODELS / 'marts'}")


def _write(file: Path, release_id: str) -> None:
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as published (storage_version 'v1.4.0')")
    connection.execute("create schema published.marts")
    connection.execute("use published.marts")
    for model in _MARTS:
        connection.execute(f"create table {model} ({', '.join(f'{name} {kind}' for name, kind in columns(model))})")
    _write_metrics(connection)
    connection.execute(f"insert into dim_group_value by name select * from read_csv('{_LABELS}', header = true)")
    _write_periods(connection)
    _write_numbers(connection)
    _write_weak_spots(connection)
    _write_board(connection)
    _write_open_complaints(connection)
    connection.execute(
        "create table release_info as select ? as release_id, date '2026-09-15' as as_of,"
        " timestamp '2026-09-16 01:02:03' as created_at, 'test' as run_id, '0' as product_version,"
        " 1 as contract_version",
        [release_id],
    )
    connection.close()


def _write_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    names = [name for name, _ in columns("dim_metric")]
    connection.executemany(
        f"insert into dim_metric ({', '.join(names)}) values ({', '.join('?' * len(names))})",
        [[metric.get(name) for name in names] for metric in metrics()],
    )


def _write_periods(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        insert into dim_period by name
        select
            period,
            'quarter' as period_type,
            make_date(cast(period[:4] as int), 3 * cast(period[6:] as int) - 2, 1) as starts_on,
            cast(starts_on + interval 3 month - interval 1 day as date) as ends_on,
            least(ends_on, date '2026-09-15') as covered_until,
            period = ? as in_progress,
            lag(period) over (order by period) as previous_period,
            lag(period, 4) over (order by period) as year_before_period,
            cast(row_number() over (order by period) as int) as period_order
        from (select unnest(?) as period)
        """,
        [IN_PROGRESS, list(QUARTERS)],
    )


def _write_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        create temp table members as
        select group_by, group_value, label_zh as group_label_zh, label_en as group_label_en,
            row_number() over (partition by group_by order by sort_order, group_value) as g
        from read_csv('{_LABELS}', header = true)
        where group_by in
            ('category', 'owner_department', 'source', 'grade', 'product_category', 'value_tier', 'channel', 'purpose')
        union all select 'all', 'all', '全部', 'All', 1
        union all select 'branch', 'B' || branch, '网点 ' || branch, 'Branch ' || branch, branch
            from range(1, 7) b(branch)
        union all select 'region', 'R' || region, '区域 ' || region, 'Region ' || region, region
            from range(1, 3) r(region)
        """
    )
    connection.execute(
        f"""
        create temp table numbers as
        select metric.* exclude (label_zh, label_en),
            metric.label_zh as metric_label_zh, metric.label_en as metric_label_en,
            period, period_type, period_order as q, in_progress,
            members.*, cast(g as int) as group_sort_order,
            {N} as n,
            case when additivity <> 'quantile' then cast({NUMERATOR} as double) end as numerator,
            case when additivity <> 'additive' then cast({DENOMINATOR} as double) end as denominator,
            case additivity
                when 'additive' then {NUMERATOR}
                when 'quantile' then {NUMERATOR} + 0.25
                else cast({NUMERATOR} as double) / ({DENOMINATOR}) * factor + shift
            end as value
        from (select *, row_number() over (order by display_order) as m from dim_metric) metric
        cross join dim_period cross join members
        where group_by not in ('channel', 'purpose')
            or metric in ('first_contact_resolution', 'repeat_contact_rate', 'channel_switch_rate')
            or group_by = 'channel' and section = 'complaints'
        """
    )
    names = ", ".join(f"now.{name}" for name, _ in columns("mart_metric_trend") if name not in _COMPARISONS)
    connection.execute(
        f"""
        insert into mart_metric_trend by name
        select {names},
            before.value as previous_value, year_before.value as year_before_value,
            now.value - before.value as change_previous, now.value - year_before.value as change_year_before,
            now.n < 30 as is_small
        from numbers now
        left join numbers before on before.metric = now.metric and before.q = now.q - 1
            and before.group_by = now.group_by and before.group_value = now.group_value
        left join numbers year_before on year_before.metric = now.metric and year_before.q = now.q - 4
            and year_before.group_by = now.group_by and year_before.group_value = now.group_value
        """
    )


def _write_weak_spots(connection: duckdb.DuckDBPyConnection) -> None:
    """Twenty spots a quarter with 20, 19, … 1 hours: 210 in all, so that the first one's share is 20 ÷ 210."""
    connection.execute(
        """
        insert into mart_weak_spots by name
        select period, in_progress, cast(r as int) as rank,
            'c' || r as category, '类别' || r as category_label_zh, 'Category ' || r as category_label_en,
            'd' || r as owner_department, '部门' || r as owner_department_label_zh,
            'Department ' || r as owner_department_label_en,
            'p' || r as product_category, '产品' || r as product_category_label_zh,
            'Product ' || r as product_category_label_en,
            cast(21 - r as double) as excess_need_hours, r as needs,
            (21 - r) / 210 as share, sum((21 - r) / 210) over (partition by period order by r) as cumulative_share
        from dim_period cross join range(1, 21) s(r)
        """
    )


def _write_board(connection: duckdb.DuckDBPyConnection) -> None:
    """Need k of 12 is due k - 7 days after the data's end: six are overdue; departments take turns."""
    connection.execute(
        """
        insert into mart_need_board by name
        with groups as (
            select *, row_number() over (partition by group_by order by sort_order) as g from dim_group_value
        ),
        departments as (select * from groups where group_by = 'owner_department' and g <= 7)
        select
            cast(k as int) as board_rank, date '2026-09-15' as as_of, 'N' || k as need_id,
            category.group_value as category, category.label_zh as category_label_zh,
            category.label_en as category_label_en,
            'P1' as grade, 'P1 紧急' as grade_label_zh, 'P1 critical' as grade_label_en,
            timestamp '2026-09-01' as raised_at, timestamp '2026-09-16' + to_days(k - 7) as due_at,
            k < 7 as is_overdue, 24.0 * (k - 7) as hours_to_due, 9.0 * (k - 7) as business_hours_to_due,
            department.group_value as accountable_department, department.label_zh as accountable_department_label_zh,
            department.label_en as accountable_department_label_en,
            department.group_value as responsible_departments, department.label_zh as responsible_departments_label_zh,
            department.label_en as responsible_departments_label_en,
            department.group_value as owner_department, department.label_zh as owner_department_label_zh,
            department.label_en as owner_department_label_en,
            'B1' as branch, 'B1' as branch_label_zh, 'B1' as branch_label_en, 'R1' as region,
            'assigned' as last_event, '分派' as last_event_label_zh, 'Assigned' as last_event_label_en,
            3.0 as days_since_last_event, 0 as reopenings_count
        from (select cast(unnest(range(1, 13)) as int) as k) needs
        inner join departments department on department.g = (k - 1) % 7 + 1
        inner join groups category on category.group_by = 'category' and category.g = (k - 1) % 10 + 1
        """
    )
    connection.execute(
        """
        insert into mart_raci by name
        select
            category.group_value as category, category.label_zh as category_label_zh,
            category.label_en as category_label_en, category.sort_order as category_sort_order,
            department.group_value as department, department.label_zh as department_label_zh,
            department.label_en as department_label_en, department.sort_order as department_sort_order,
            department.sort_order = 1 as is_accountable, department.sort_order = 2 as is_responsible,
            department.sort_order = 3 as is_consulted, false as is_informed
        from dim_group_value category cross join dim_group_value department
        where category.group_by = 'category' and department.group_by = 'owner_department'
        """
    )


def _write_open_complaints(connection: duckdb.DuckDBPyConnection) -> None:
    """Complaint k of 8 has been open for 10 k days, so that limits of 15, 30 and 60 days are passed one by one."""
    connection.execute(
        """
        insert into mart_open_complaints by name
        select
            cast(9 - k as int) as open_rank, date '2026-09-15' as as_of, 'C' || k as complaint_id,
            timestamp '2026-09-16' - to_days(10 * k) as received_at, cast(received_at as date) as received_on,
            10.0 * k as days_open,
            'mis_selling' as category, '销售误导' as category_label_zh, 'Mis-selling' as category_label_en,
            'unit_linked' as product_category, '投连险' as product_category_label_zh,
            'Unit-linked' as product_category_label_en,
            'app' as channel, '手机应用' as channel_label_zh, 'App' as channel_label_en,
            'B1' as branch, 'B1' as branch_label_zh, 'B1' as branch_label_en, 'R1' as region,
            named.group_value as limit_passed, named.label_zh as limit_passed_label_zh,
            named.label_en as limit_passed_label_en,
            5.0 as days_to_next_limit, 3 as severity, k = 8 as is_regulator_referred, k > 1 as is_acknowledged
        from (select cast(unnest(range(1, 9)) as int) as k) complaints
        inner join dim_group_value named on named.group_by = 'complaint_limit' and named.group_value = case
            when k > 6 then '60' when k > 3 then '30' when k > 1 then '15' else 'none' end
        """
    )
    connection.execute(
        """
        insert into fct_claim by name
        select 'CL' || k as claim_id, 'medical' as product_category, 'B1' as branch_id, 'R1' as region,
            'under_review' as status, timestamp '2026-09-16' - to_days(k) as reported_at, 1 as updates_sent,
            1.0 * k as days_since_last_news, true as is_undecided, k > 7 as is_silent
        from range(1, 11) claims(k)
        """
    )
