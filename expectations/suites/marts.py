"""Checks of what is about to be published. All but labels block: a wrong number must not reach the readers."""

from __future__ import annotations

from collections.abc import Collection

from expectations.check import Check, Severity, TableSuite, Text
from expectations.metrics_before import METRICS_BEFORE
from expectations.rules import Filled, HasRows, NoRowFrom, NoRowWhere, OneOf, Rule, Unique
from expectations.suites.reconciliation import RECONCILIATION, metrics_of_facts, reconciliation
from expectations.thresholds import Thresholds
from needloop.contract.model import Contract

SYSTEM = "marts"
OWNER = "数据仓库组 Warehouse team"
PUBLISHED_COLUMNS = "published_columns"
"""Names the suite that is about all published tables rather than one mart."""
ABOUT_ALL_TABLES = frozenset({PUBLISHED_COLUMNS, RECONCILIATION})
METRIC_VALUES_KEY = ("metric", "period_type", "period", "group_by", "group_value")

_REMEDY = Text(
    "发布已停止，上一版仍在线。请查看 needloop status 与数据文档；更正模型或数据后重新运行 needloop run。",
    "Nothing was published, the last release stays up. See needloop status and the data docs; correct model or data "
    "and run needloop run again.",
)
_HOURS = "hours"
_READERS = Text("读者看到的数字由此而来。", "The numbers that readers see come from here.")


def marts_suites(contract: Contract, thresholds: Thresholds, published: Collection[str]) -> tuple[TableSuite, ...]:
    """The suites of the marts; `published` are the tables that a release will hold."""
    return (
        _metric_values(thresholds),
        _dim_metric(),
        _dim_period(),
        _dim_group_value(),
        _published_columns(contract, published),
        reconciliation(contract, system=SYSTEM, owner=OWNER),
    )


def _metric_values(thresholds: Thresholds) -> TableSuite:
    return _suite(
        "metric_values",
        Text("指标值", "Metric values"),
        METRIC_VALUES_KEY,
        _check("has_rows", HasRows(), "有指标值", "There are metric values"),
        _check(
            "key_unique", Unique(METRIC_VALUES_KEY), "每个指标、期间、分组一行", "One row a metric, period and group"
        ),
        *(_filled(column) for column in (*METRIC_VALUES_KEY, "n", "in_progress")),
        _check(
            "metric_defined",
            NoRowFrom(f"{_SELECT_KEY} where metric not in (select metric from marts.dim_metric)", ("metric",)),
            "指标都有定义",
            "Every metric is defined",
        ),
        _check(
            "value_finite",
            NoRowWhere("isnan(value) or isinf(value)", ("value",)),
            "指标值是有限的数",
            "Values are finite numbers",
        ),
        _check(
            "value_in_bounds",
            _in_bounds(thresholds, thresholds.metric_bounds.keys() - {_HOURS}),
            "指标值在合理范围内",
            "Values are within their bounds",
        ),
        # Not blocking: hours are what the delivered times say, and those may contradict each other.
        Check(
            name="hours_in_bounds",
            severity="warning",
            rule=_in_bounds(thresholds, {_HOURS}),
            label=Text("时长在合理范围内", "Hours are within their bounds"),
            meaning=Text(
                "源数据中后一步早于前一步，所在分组的时长因而为负；其余数字不受影响。",
                "In the source a step stands before the one that it follows, which makes the hours of its groups "
                "negative; other numbers are not touched.",
            ),
            remedy=Text(
                "请查看原始数据中时间先后矛盾的检查，由来源系统更正时间后重新交付；本版照常发布。",
                "See the checks of raw data for times that contradict each other, have them corrected in the source "
                "system and delivered again; the release is published.",
            ),
        ),
        _check("value_is_ratio", _IS_RATIO, "比率 = 分子 ÷ 分母", "A ratio is numerator over denominator"),
        _check("groups_add_up", _GROUPS_ADD_UP, "各组之和等于合计", "Groups add up to the total"),
        _check(
            "backlog_by_age", _BACKLOG_BY_AGE, "各账龄之和等于期末积压", "Backlog by age adds up to the closing backlog"
        ),
        _check("total_for_every_quarter", _TOTAL_FOR_EVERY_QUARTER, "每个季度都有合计", "Every quarter has its total"),
        _check("facts_add_up", metrics_of_facts(), "合计与事实表一致", "Totals equal their facts"),
        Check(
            name="no_jump_since_release",
            severity="warning",
            rule=_no_jump(thresholds),
            label=Text("合计与上一版相比没有跳变", "Totals have not jumped since the release before"),
            meaning=Text(
                "同一季度的数字变化超过该指标历来的季度间变化，多为补交、重复或口径改变。",
                "A quarter's number that moved by more than the metric ever does between quarters mostly means late, "
                "doubled or redefined data.",
            ),
            remedy=Text(
                "请查看重述与近期交付；属实则无需处理，下一版即以新数字为准。",
                "See the restatements and the latest deliveries; if it is right, nothing is to be done: the next "
                "release is compared with this one.",
            ),
        ),
    )


def _dim_metric() -> TableSuite:
    labels = ("label_zh", "label_en", "description_zh", "description_en")
    return _suite(
        "dim_metric",
        Text("指标定义", "Metric definitions"),
        ("metric",),
        _check("key_unique", Unique(("metric",)), "每个指标一个定义", "One definition a metric"),
        *(_filled(column, "warning") for column in labels),
        _filled("unit"),
        _check(
            "direction_in_domain",
            OneOf("direction", ("higher", "lower", "neutral")),
            "指标方向取值正确",
            "The direction is one of three",
        ),
    )


def _dim_period() -> TableSuite:
    key = ("period_type", "period")
    return _suite(
        "dim_period",
        Text("期间", "Periods"),
        key,
        _check("has_rows", HasRows(), "有期间", "There are periods"),
        _check("key_unique", Unique(key), "每个期间一行", "One row a period"),
        _check(
            "ends_not_before_start",
            NoRowWhere("ends_on < starts_on", ("starts_on", "ends_on")),
            "期末不早于期初",
            "A period does not end before it starts",
        ),
    )


def _dim_group_value() -> TableSuite:
    key = ("group_by", "group_value")
    unlabelled = NoRowFrom(
        "select distinct group_by, group_value from marts.metric_values as shown where not exists ("
        "select 1 from {rows} where checked.group_by = shown.group_by and checked.group_value = shown.group_value)",
        key,
    )
    return _suite(
        "dim_group_value",
        Text("分组名称", "Names of groups"),
        key,
        _check("key_unique", Unique(key), "每个分组值一个名称", "One name a group value"),
        _filled("label_zh", "warning"),
        _filled("label_en", "warning"),
        _check("every_group_named", unlabelled, "显示的分组都有名称", "Every group shown has a name", "warning"),
    )


def _published_columns(contract: Contract, published: Collection[str]) -> TableSuite:
    names = ", ".join(f"'{name}'" for name in sorted(published)) or "null"
    forbidden = ", ".join(f"'{name}'" for name in sorted(contract.names_kept_back))
    return TableSuite(
        table_name=PUBLISHED_COLUMNS,
        system=SYSTEM,
        owner=OWNER,
        title=Text("将发布的列", "Columns to be published"),
        key=("table_name", "column_name"),
        relation=f"(select table_name, column_name from information_schema.columns "
        f"where table_schema = 'marts' and table_name in ({names}))",
        checks=(
            _check(
                "nothing_personal",
                NoRowWhere(f"lower(column_name) in ({forbidden})", ("column_name",)),
                "发布的表不含个人信息",
                "No published table has a personal column",
                why=Text("发布版的任何列都可能被读者查询。", "Readers may query any column of a release."),
            ),
        ),
    )


_SELECT_KEY = f"select {', '.join(METRIC_VALUES_KEY)} from {{rows}}"

_IS_RATIO = NoRowFrom(
    f"{_SELECT_KEY} where exists (select 1 from marts.dim_metric as metric where metric.metric = checked.metric "
    "and metric.additivity in ('ratio', 'mean') and (checked.denominator <> 0 and checked.value is distinct from null "
    "and abs(checked.value - checked.numerator / checked.denominator * coalesce(metric.factor, 1) - metric.shift) "
    "> 1e-9 * greatest(1, abs(checked.value)) or checked.denominator = 0 and checked.value is not null))",
    ("value", "numerator", "denominator"),
)

_GROUPS_ADD_UP = NoRowFrom(
    "select metric, period_type, period, group_by, 'all' as group_value from ("
    "select *, max(case when group_by = 'all' then parts end) over (partition by metric, period_type, period) as total "
    "from (select metric, period_type, period, group_by, sum(value) as parts from {rows} "
    "where metric in (select metric from marts.dim_metric where additivity = 'additive') "
    "group by metric, period_type, period, group_by)) "
    "where abs(parts - total) > 1e-6 * greatest(1, abs(total))",
    ("value",),
)

_BACKLOG_BY_AGE = NoRowFrom(
    "select 'closing_backlog' as metric, period_type, period, group_by, group_value from {rows} "
    "where starts_with(metric, 'backlog_age_') or metric = 'closing_backlog' "
    "group by period_type, period, group_by, group_value "
    "having coalesce(sum(value) filter (metric <> 'closing_backlog'), 0) "
    "<> coalesce(sum(value) filter (metric = 'closing_backlog'), 0)",
    ("value",),
)

_TOTAL_FOR_EVERY_QUARTER = NoRowFrom(
    "select totalled.metric, 'quarter' as period_type, periods.period, 'all' as group_by, 'all' as group_value "
    "from (select distinct metric from {rows} where period_type = 'quarter' and group_by = 'all') as totalled, "
    "(select period from marts.dim_period where period_type = 'quarter') as periods "
    "where not exists (select 1 from marts.metric_values as present where present.metric = totalled.metric "
    "and present.period_type = 'quarter' and present.period = periods.period and present.group_by = 'all')",
    ("period",),
)


def _in_bounds(thresholds: Thresholds, units: Collection[str]) -> NoRowFrom:
    unbounded = ", ".join(f"'{name}'" for name in thresholds.unbounded) or "null"
    outside = " or ".join(
        f"(metric.unit = '{unit}' and checked.value {sign} {bound})"
        for unit, bounds in thresholds.metric_bounds.items()
        if unit in units
        for sign, bound in (("<", bounds.least), (">", bounds.greatest))
        if bound is not None
    )
    return NoRowFrom(
        f"{_SELECT_KEY} where exists (select 1 from marts.dim_metric as metric where metric.metric = checked.metric "
        f"and metric.metric not in ({unbounded}) and ({outside}))",
        ("value",),
    )


def _no_jump(thresholds: Thresholds) -> NoRowFrom:
    jump = thresholds.metric_jump
    return NoRowFrom(
        "select checked.metric, checked.period_type, checked.period, group_by, group_value from {rows}, "
        f"{METRICS_BEFORE} as before, (select metric, 1.4826 * mad(step) as usual_step from ("
        "select metric, value - lag(value) over (partition by metric order by period) as step from marts.metric_values "
        "where group_by = 'all' and period_type = 'quarter') group by metric) as history "
        "where before.metric = checked.metric and before.period_type = checked.period_type "
        "and before.period = checked.period and history.metric = checked.metric and group_by = 'all' "
        f"and checked.period_type = 'quarter' and checked.n >= {jump.least_n} and abs(checked.value - before.value) "
        f"> greatest({jump.limit} * coalesce(usual_step, 0), {jump.least_share} * abs(before.value))",
        ("value",),
    )


def _suite(table: str, title: Text, key: tuple[str, ...], *checks: Check) -> TableSuite:
    return TableSuite(
        table_name=table, system=SYSTEM, owner=OWNER, title=title, key=key, relation=f"marts.{table}", checks=checks
    )


def _filled(column: str, severity: Severity = "blocking") -> Check:
    return _check(f"{column}_filled", Filled(column), f"列 {column} 有值", f"Column {column} is filled", severity)


def _check(name: str, rule: Rule, zh: str, en: str, severity: Severity = "blocking", *, why: Text = _READERS) -> Check:
    return Check(name=name, severity=severity, rule=rule, label=Text(zh, en), meaning=why, remedy=_REMEDY)
