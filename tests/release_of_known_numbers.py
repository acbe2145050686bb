"""A published release made without the pipeline: every number follows from a formula, so that tests know it beforehand.

The marts' columns come from the dbt models' contracts and the metrics from their semantic definitions; a mart that
changes its columns breaks this module rather than a bank's dashboard.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from needloop.settings import MARTS_FILE, PROJECT_ROOT

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
    "mart_stage_transitions",
    "mart_stage_by_tier",
    "mart_retention",
    "mart_coverage_gaps",
    "fct_warning",
    "mart_persistency",
    "mart_policy_exposure",
    "mart_suitability",
    "mart_followup_reminders",
    "mart_training_effects",
    "mart_training_effect_months",
    "mart_before_after",
    "mart_mastery",
    "mart_module_gaps",
    "mart_class_counts",
    "mart_competency_gaps",
    "mart_staff_classes",
    "mart_staff_ranking",
    "mart_staff_ranking_metrics",
    "mart_improvement_loop",
    "mart_improvement_modules",
    "mart_experiment_results",
    "mart_quality_checks",
    "mart_quality_state",
    "mart_quality_history",
    "mart_incidents",
    "mart_loads_by_day",
    "mart_rejects_by_reason",
    "mart_source_loads",
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
    return _contracts()[model]


@cache
def _contracts() -> dict[str, list[tuple[str, str]]]:
    files = (_MODELS / "marts").rglob("_*.yml")
    documents = [yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) for file in files]
    return {
        definition["name"]: [(column["name"], column["data_type"]) for column in definition["columns"]]
        for document in documents
        for definition in document.get("models", [])
    }


def _write(file: Path, release_id: str) -> None:
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as published (storage_version 'v1.4.0')")
    connection.execute("create schema published.marts")
    connection.execute("use published.marts")
    for model in _MARTS:
        connection.execute(f"create table {model} ({', '.join(f'{name} {kind}' for name, kind in columns(model))})")
    _write_metrics(connection)
    connection.execute(f"insert into dim_group_value by name select * from read_csv('{_LABELS}', header = true)")
    connection.execute(
        """
        insert into dim_group_value
        select 'all', 'all', '全部', 'All', 0
        union all select 'branch', 'B' || branch, '网点 ' || branch, 'Branch ' || branch, branch
        from range(1, 7) b(branch)
        """
    )
    _write_periods(connection)
    _write_numbers(connection)
    _write_weak_spots(connection)
    _write_board(connection)
    _write_open_complaints(connection)
    _write_lifecycle(connection)
    _write_policies(connection)
    _write_reminders(connection)
    _write_training(connection)
    _write_persons(connection)
    _write_improvement(connection)
    _write_quality(connection)
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
        union all
        select group_by, group_value, label_zh, label_en,
            row_number() over (partition by group_by order by sort_order, group_value)
        from read_csv('{_LABELS}', header = true)
        where group_by in ('stage', 'segment', 'rule', 'kind', 'step', 'sales_channel', 'module', 'programme')
        union all select 'cohort', period, period, period, period_order from dim_period
        union all select 'staff', 'S' || seller, 'S' || seller, 'S' || seller, seller from range(1, 3) s(seller)
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
            'B' || (1 + k % 4) as branch, '网点 ' || (1 + k % 4) as branch_label_zh,
            'Branch ' || (1 + k % 4) as branch_label_en, 'R1' as region,
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
            'B' || (1 + k % 4) as branch, '网点 ' || (1 + k % 4) as branch_label_zh,
            'Branch ' || (1 + k % 4) as branch_label_en, 'R1' as region,
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
        select 'CL' || k as claim_id, 'medical' as product_category, 'B' || (1 + k % 4) as branch_id, 'R1' as region,
            'under_review' as status, timestamp '2026-09-16' - to_days(k) as reported_at, 1 as updates_sent,
            1.0 * k as days_since_last_news, true as is_undecided, k > 7 as is_silent
        from range(1, 11) claims(k)
        """
    )


def _write_lifecycle(connection: duckdb.DuckDBPyConnection) -> None:
    """Stage a loses 10 a + b customers to stage b in a month; each cohort loses a tenth a quarter.

    Of the six rules, rule k has k gaps open, of which k - 1 can be closed; warning k of 8 is open since k days.
    """
    connection.execute(
        """
        insert into mart_stage_transitions by name
        with stages as (
            select *, row_number() over (order by sort_order) as s from dim_group_value where group_by = 'stage'
        )
        select unnest(['2026-05', '2026-06', '2026-08']) as period, false as in_progress,
            a.group_value as stage_before, a.label_zh as stage_before_label_zh, a.label_en as stage_before_label_en,
            a.sort_order as stage_before_order, b.group_value as stage, b.label_zh as stage_label_zh,
            b.label_en as stage_label_en, b.sort_order as stage_order, a.s <> b.s as is_move,
            10 * a.s + b.s as customers
        from stages a cross join stages b
        """
    )
    connection.execute(
        """
        insert into mart_stage_by_tier by name
        select 'quarter' as period_type, period, in_progress, stages.group_value as stage,
            stages.label_zh as stage_label_zh, stages.label_en as stage_label_en, stages.sort_order as stage_order,
            tiers.group_value as value_tier, tiers.label_zh as value_tier_label_zh,
            tiers.label_en as value_tier_label_en,
            tiers.sort_order as value_tier_order, 10 * stages.sort_order + tiers.sort_order as customers
        from dim_period cross join dim_group_value stages cross join dim_group_value tiers
        where stages.group_by = 'stage' and tiers.group_by = 'value_tier'
        """
    )
    connection.execute(
        """
        insert into mart_retention by name
        select cohorts.period as cohort, quarters.period, quarters.in_progress,
            cast(quarters.period_order - cohorts.period_order as int) as quarters_since,
            100 as customers_first_insured, 100 - 10 * quarters_since as customers_retained,
            customers_retained / 100 as retention
        from dim_period cohorts inner join dim_period quarters on quarters.period_order >= cohorts.period_order
        """
    )
    connection.execute(
        """
        insert into mart_coverage_gaps by name
        select 'K' || gap as customer_key, rules.group_value as rule, date '2026-09-01' as opened_on, true as is_open,
            false as is_open_before_first_period, gap > 1 as is_actionable,
            'B' || (1 + gap % 4) as branch_id, 'R1' as region, 'S1' as rm_id
        from dim_group_value rules cross join range(1, 7) g(gap)
        where rules.group_by = 'rule' and gap <= rules.sort_order
        """
    )
    connection.execute(
        """
        insert into fct_warning by name
        select kinds.group_value as kind, 'K' || k as customer_key, 'medical' as product_category,
            date '2026-09-15' - cast(k as int) as opened_on, true as is_open, false as is_open_before_first_period,
            cast(k as int) as days_open, 'B' || (1 + k % 4) as branch_id, 'R1' as region, 'S1' as rm_id
        from range(1, 9) w(k) inner join dim_group_value kinds
            on kinds.group_by = 'kind' and kinds.sort_order = (k - 1) % 4 + 1
        """
    )


def _write_policies(connection: duckdb.DuckDBPyConnection) -> None:
    """Of the policies of month k of 2025, 90 - k of 100 are kept at 13 months, one fewer of the first product."""
    connection.execute(
        """
        insert into mart_persistency by name
        with of_groups as (
            select 'all' as group_by, 'all' as group_value, '全部' as group_label_zh, 'All' as group_label_en,
                0 as fewer
            union all
            select group_by, group_value, label_zh, label_en, sort_order
            from dim_group_value where group_by in ('product_category', 'branch')
        )
        select 'month' as period_type, printf('2025-%02d', k) as period, false as in_progress,
            group_by, group_value, group_label_zh, group_label_en, test_month,
            100 as policies, 90 - k - fewer as policies_kept, policies_kept / 100 as persistency,
            persistency as persistency_by_premium, test_month = 13 as is_mature, false as is_small
        from of_groups cross join (select cast(unnest(range(1, 9)) as int) as k)
        cross join (select cast(unnest([13, 25]) as int) as test_month)
        """
    )
    connection.execute(
        """
        insert into mart_policy_exposure by name
        select printf('2026-%02d', k) as period, false as in_progress, 'medical' as product_category,
            'B' || branch as branch_id, 'R1' as region, 100 + k as in_force_at_start, 3 as entered, 1 as surrendered,
            1 as lapsed, 0 as free_look_cancelled, 0 as matured, 0 as contract_terminated, 101 + k as in_force_at_end
        from range(1, 9) m(k) cross join range(1, 4) b(branch)
        """
    )
    connection.execute(
        """
        insert into mart_suitability by name
        select period, in_progress, 'medical' as product_category, 'R' || product as product_risk_level,
            'C' || customer as customer_risk_level, true as is_assessed, product > customer as is_mismatch,
            10 * product + customer as policies
        from dim_period cross join range(1, 6) p(product) cross join range(1, 6) c(customer)
        """
    )


def _write_reminders(connection: duckdb.DuckDBPyConnection) -> None:
    """The limit of step k of 6 is k - 4 days after the data's end: three are overdue."""
    connection.execute(
        """
        insert into mart_followup_reminders by name
        select 'O' || k as opportunity_id, 'K' || k as customer_key, 'S1' as staff_id, 'B' || (1 + k % 4) as branch_id,
            'R1' as region, 'medical' as product_category, 'first_contact' as step,
            timestamp '2026-09-16' + to_days(cast(k - 4 as int)) as limit_at, k < 4 as is_overdue,
            24.0 * (k - 4) as hours_left
        from range(1, 7) s(k)
        """
    )


def _write_quality(connection: duckdb.DuckDBPyConnection) -> None:
    """On day d of five, system s of three has d failed checks of ten; incident k of six lasted k hours, two are open.

    On each day 100 s rows came of which s were rejected; the first system's data is two days behind, one is allowed.
    """
    connection.execute(
        """
        create temp table systems as
        select cast(s as int) as s, ['crm', 'policy', 'complaint'][s] as system, ['crm.needs', 'policy.claims',
            'complaint.complaints'][s] as table_name, ['客户数据组 CRM data team', '保单组 Policy team',
            '消费者权益保护部 Consumer protection'][s] as owner
        from range(1, 4) numbered(s)
        """
    )
    connection.execute(
        """
        insert into mart_quality_history by name
        select date '2026-09-10' + cast(d as int) as checked_on, system, owner,
            ['blocking', 'warning'][1 + s % 2] as severity, 10 as checks, d as failed_checks, 100 * d as failed_rows
        from systems cross join range(1, 6) days(d)
        """
    )
    connection.execute(
        """
        insert into mart_quality_checks by name
        select table_name, system, 'key_unique' as check_name, 'warning' as severity, owner, s > 2 as passed,
            case when s > 2 then 0 else s end as failed_rows, 100 as checked_rows, '主键唯一' as label_zh,
            'One row a key' as label_en, '' as message_zh, '' as message_en, '请更正' as remedy_zh,
            'Correct it' as remedy_en, timestamp '2026-09-15' as checked_at
        from systems
        """
    )
    connection.execute(
        """
        insert into mart_incidents by name
        select k as incident_id, 'check' as kind, '数据检查' as kind_label_zh, 'Data check' as kind_label_en,
            ['warning', 'blocking'][1 + k % 2] as severity, system, owner, table_name as place,
            '主键唯一' as title_zh, 'One row a key' as title_en, '请更正' as remedy_zh, 'Correct it' as remedy_en,
            10 * k as failed_rows, 100 as checked_rows, timestamp '2026-09-10' + to_days(cast(k as int)) as opened_at,
            opened_at as last_seen_at, case when k < 5 then opened_at + to_hours(k) end as resolved_at,
            k >= 5 as is_open, 1.0 * k as lasted_hours
        from range(1, 7) incidents(k) inner join systems on s = 1 + k % 3
        """
    )
    connection.execute(
        """
        insert into mart_loads_by_day by name
        select date '2026-09-10' + cast(d as int) as loaded_on, table_name, system, 1 as files_taken,
            0 as files_refused, 100 * s as rows_in_files, 99 * s as loaded, 0 as ignored, s as rejected
        from systems cross join range(1, 6) days(d)
        """
    )
    connection.execute(
        """
        insert into mart_rejects_by_reason by name
        select loaded_on, table_name, system, 'bad_enum' as reason, '取值不在允许范围' as reason_label_zh,
            'Not one of the values allowed' as reason_label_en, rejected as rows_rejected, 0 as files_refused
        from mart_loads_by_day
        """
    )
    connection.execute(
        """
        insert into mart_source_loads by name
        select table_name, system, 5 as files_taken, 0 as files_refused, 500 * s as rows_in_files, 495 * s as loaded,
            0 as ignored, 5 * s as rejected, timestamp '2026-09-15 06:00' as last_loaded_at,
            date '2026-09-15' - cast(3 - s as int) as latest_data_on, 100 * s as last_delivery_rows,
            s as last_delivery_rejected, 495 * s as rows_now, 0 as days_without_delivery,
            10 as days_without_delivery_allowed, 3 - s as days_behind, 1 as days_behind_allowed,
            latest_data_on as day_on, 99 * s as day_rows, 100.0 * s as day_usual, 693 * s as week_rows,
            700.0 * s as week_usual, s = 1 as is_behind, false as is_overdue
        from systems
        """
    )
    connection.execute(
        """
        insert into mart_quality_state by name
        select 3 as checks, 0 as blocking_failed, 2 as warnings_failed, 2 as open_incidents,
            (select count(*) from mart_source_loads where is_behind or is_overdue) as late_tables
        """
    )


def _write_training(connection: duckdb.DuckDBPyConnection) -> None:
    """Of two effects one is shown; k months after completion it is -k hundredths.

    Ten of 31 persons of branch B1 master each module, of 40 of branch B3, and of 29 of B2, too few to be shown. Of 40
    tellers m miss the target of module m; of 29 team leads nothing may be shown.
    """
    connection.execute(
        """
        insert into mart_training_effects by name
        select 'complaints' as outcome, '被投诉件数' as outcome_zh, 'Complaints' as outcome_en, 'count' as unit,
            'lower' as direction, 1 as display_order, 4 as kirkpatrick_level, 55 as persons_treated,
            18 as persons_control, true as is_shown, -0.25 as estimate, -0.5 as ci_low, -0.125 as ci_high, 0.01 as p,
            'better' as verdict, 0.4 as pretrend_p, null as reason_zh, null as reason_en
        union all by name
        select 'step_on_time' as outcome, '跟进步骤及时率' as outcome_zh, 'Steps on time' as outcome_en, 'rate' as unit,
            'higher' as direction, 2 as display_order, 3 as kirkpatrick_level, 19 as persons_treated,
            18 as persons_control, false as is_shown, 'not_shown' as verdict, '人数不足，故不显示。' as reason_zh,
            'Too few persons; nothing is shown.' as reason_en
        """
    )
    connection.execute(
        """
        insert into mart_training_effect_months by name
        select 'complaints' as outcome, '被投诉件数' as outcome_zh, 'Complaints' as outcome_en, 'count' as unit,
            1 as display_order, cast(k as int) as event_month, k = -2 as is_reference,
            case when k = -2 then 0 else -k / 100 end as estimate,
            case when k <> -2 then estimate - 0.5 end as band_low,
            case when k <> -2 then estimate + 0.5 end as band_high
        from range(-7, 13) months(k)
        """
    )
    connection.execute(
        """
        insert into mart_before_after by name
        select 'policies_sold' as outcome, '销售保单件数' as outcome_zh, 'Policies sold' as outcome_en, 'count' as unit,
            'higher' as direction, cast(months as int) as window_months, 40 - months as persons, 1.0 as before_mean,
            1.5 as after_mean, 0.5 as difference, 0.25 as ci_low, 0.75 as ci_high, persons < 30 as is_small
        from (select unnest([3, 6, 12]) as months)
        """
    )
    connection.execute(
        """
        insert into mart_mastery by name
        select period, 'B' || branch as branch_id, modules.group_value as module,
            [31, 29, 40][branch] as persons_assessed,
            10 as persons_mastered, 10 / persons_assessed as mastery_rate, persons_assessed < 30 as is_small
        from dim_period cross join dim_group_value modules cross join range(1, 4) b(branch)
        where modules.group_by = 'module'
        """
    )
    connection.execute(
        """
        insert into mart_module_gaps by name
        select unnest(['all', 'role', 'role']) as group_by, unnest(['all', 'teller', 'team_lead']) as group_value,
            modules.group_value as module, true as is_core, unnest([69, 40, 29]) as persons,
            persons as persons_assessed,
            modules.sort_order as persons_with_gap, persons_with_gap / persons_assessed as share_with_gap,
            1.5 * modules.sort_order as mean_gap, persons < 30 as is_small
        from dim_group_value modules where modules.group_by = 'module'
        """
    )
    connection.execute(
        """
        insert into mart_class_counts by name
        select unnest(['all', 'role', 'branch', 'branch']) as group_by,
            unnest(['all', 'teller', 'B1', 'B3']) as group_value, unnest([80, 40, 29, 31]) as persons,
            persons as persons_classed, 10 as persons_junior,
            persons - 10 as persons_senior, persons_junior / persons as share_junior, persons < 30 as is_small
        """
    )


def _write_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Of six tellers the first is to be coached, the last in the talent pool; the second has too little data."""
    connection.execute(
        """
        insert into mart_staff_ranking by name
        select 'S' || k as staff_id, 'B' || (1 + k % 4) as branch_id, 'teller' as role, period,
            case when k = 2 then 3 else 8 end as metrics_counted, k <> 2 as is_ranked,
            case when k <> 2 then k / 10 end as composite, 5 as persons_ranked,
            case k when 1 then 'lowest_quarter' when 2 then 'not_ranked' when 6 then 'highest_quarter' else 'middle' end
                as standing,
            standing as standing_before, case k when 1 then 'coaching' when 6 then 'talent_pool' end as listed_for
        from dim_period cross join range(1, 7) staff(k)
        """
    )
    connection.execute(
        """
        insert into mart_staff_ranking_metrics by name
        select 'S' || k as staff_id, period, metrics.group_value as metric, 0.5 as value,
            case when k = 2 then 4 else 10 * k end as n, n >= 5 as counts,
            case when counts then k / 10 end as percentile_rank
        from dim_period cross join range(1, 7) staff(k) cross join dim_group_value metrics
        where metrics.group_by = 'person_metric'
        """
    )
    connection.execute(
        """
        insert into mart_competency_gaps by name
        select 'S' || k as staff_id, 'B' || (1 + k % 4) as branch_id, 'teller' as role, modules.group_value as module,
            true as is_core, 80 as target_score, k * modules.sort_order as gap, 80 - gap as score,
            k < 6 as is_assessed, 11 - modules.sort_order as path_step
        from dim_group_value modules cross join range(1, 7) staff(k) where modules.group_by = 'module'
        """
    )
    connection.execute(
        """
        insert into mart_staff_classes by name
        select 'S' || k as staff_id, 'B' || (1 + k % 4) as branch_id, 'teller' as role, 10 as modules,
            case when k < 6 then 10 else 0 end as modules_assessed, modules_assessed as core_modules_assessed,
            case when k < 6 then k else 0 end as core_modules_with_gap,
            case when k = 6 then null when k = 1 then 'senior' else 'junior' end as competency_class,
            k < 6 as has_enough_data
        from range(1, 7) staff(k)
        """
    )


def _write_improvement(connection: duckdb.DuckDBPyConnection) -> None:
    """Module m of the first four has the rank m and 40, 30, 20, 10 % of the excess; the first goes back to product.

    Four experiments, one of each verdict that a reader may take for another.
    """
    connection.execute(
        """
        insert into mart_improvement_loop by name
        select period, in_progress, 'medical' as product_category, 'complaint' as signal_type,
            categories.group_value as category, 20 as occurrences, 1000 as exposure, 0.02 as rate, 0.01 as rate_before,
            10.0 as excess, (5 - modules.sort_order) / 10 as share_of_excess, modules.group_value as module,
            share_of_excess as module_share, modules.sort_order as module_rank, period < '2026Q3' as is_trained_since,
            case when is_trained_since then 12 else 0 end as persons_trained_since,
            case when period < '2026Q3' then 0.015 end as rate_in_next_quarter,
            rate_in_next_quarter - rate as change_in_next_quarter,
            case when modules.sort_order = 1 then 0.25 else 0.75 end as module_mastery_rate, 40 as module_assessed,
            module_mastery_rate < 0.6 as is_handed_back_to_product, false as is_small, false as is_mastery_small
        from dim_period cross join dim_group_value modules
        inner join dim_group_value categories
            on categories.group_by = 'category' and categories.sort_order = modules.sort_order
        where modules.group_by = 'module' and modules.sort_order <= 4
        """
    )
    connection.execute(
        """
        insert into mart_improvement_modules by name
        select loop.period, loop.module, modules.label_zh as module_label_zh, modules.label_en as module_label_en,
            loop.module_rank, loop.module_share, loop.module_mastery_rate, loop.module_assessed,
            loop.persons_trained_since, false as is_mastery_small, loop.is_handed_back_to_product,
            '医疗险' as products_zh, 'Medical' as products_en
        from mart_improvement_loop as loop
        inner join dim_group_value modules on modules.group_by = 'module' and modules.group_value = loop.module
        """
    )
    connection.execute(
        """
        insert into mart_experiment_results by name
        select 'X' || k as experiment_id, 'X' || k as experiment_name, 'need' as unit,
            'resolution_rate' as primary_metric, '30 天内解决率' as metric_zh, 'Resolved within 30 days' as metric_en,
            'rate' as metric_unit, 'higher' as metric_direction,
            date '2026-01-01' + to_days(cast(k as int)) as started_on, date '2026-06-30' as ended_on,
            verdict, 'welch' as test, 100 as n_control, 100 as n_treatment,
            0.5 as value_control, 0.6 as value_treatment, 0.1 as difference,
            case when verdict <> 'running' then 0.05 end as ci_low,
            case when verdict <> 'running' then 0.15 end as ci_high,
            case when verdict <> 'running' then 0.0004 end as p,
            case when verdict = 'invalid' then 0.00001 else 0.5 end as srm_p, 0.08 as minimal_detectable_effect,
            false as is_small
        from (
            select generate_subscripts(v, 1) as k, unnest(v) as verdict
            from (select ['better', 'no_difference_shown', 'invalid', 'running'] as v)
        )
        """
    )
