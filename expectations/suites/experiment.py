"""Checks of the experiment register: experiments and who is in which arm."""

from __future__ import annotations

from expectations.business_checks import across_tables, in_order, not_in_future
from expectations.check import SystemSuite, Text

_UNIT_TABLES = {
    "customer": "crm__customers",
    "staff": "training__staff",
    "branch": "org__branches",
    "need": "crm__needs",
}
_UNITS_KNOWN = " or ".join(
    f"(experiment.unit = '{unit}' and checked.unit_id not in "
    f"(select {unit}_id from checked_rows.{table} where {unit}_id is not null))"
    for unit, table in _UNIT_TABLES.items()
)
_WHILE_RUNNING = Text(
    "实验之外的分组不产生可观察的结果。", "An assignment outside the experiment's time has nothing to be observed."
)
_BOTH_ARMS = Text("同一单元进入两组，实验判为无效。", "A unit in both arms makes the experiment invalid.")
_UNKNOWN_UNIT = Text(
    "找不到的单元没有结果，样本会变小。", "A unit that is not found has no results, so the sample shrinks."
)

SUITE = SystemSuite(
    system="experiment",
    owner="改进管理组 Improvement office",
    checks={
        "experiments": (in_order("ended_on", "started_on", "结束不早于开始", "Ended not before started"),),
        "assignments": (
            not_in_future("assigned_at", "分组时间不在将来", "Assigned at a time that has come"),
            across_tables(
                "while_experiment_runs",
                "select assignment_id from {rows} where exists (select 1 "
                "from checked_rows.experiment__experiments as experiment "
                "where experiment.experiment_id = checked.experiment_id "
                "and (checked.assigned_at < experiment.started_on "
                "or checked.assigned_at >= experiment.ended_on + interval 1 day))",
                ("assigned_at",),
                "分组时间在实验期内",
                "Assigned while the experiment runs",
                why=_WHILE_RUNNING,
            ),
            across_tables(
                "unit_id_known",
                "select assignment_id from {rows} where exists (select 1 "
                "from checked_rows.experiment__experiments as experiment "
                f"where experiment.experiment_id = checked.experiment_id and ({_UNITS_KNOWN}))",
                ("unit_id",),
                "实验单元存在",
                "The unit exists",
                why=_UNKNOWN_UNIT,
            ),
            across_tables(
                "unit_in_one_arm",
                "select assignment_id from (select assignment_id, "
                "count(distinct variant) over (partition by experiment_id, unit_id) as arms from {rows}) "
                "where arms > 1",
                ("unit_id", "variant"),
                "一个单元只在一组",
                "A unit is in one arm only",
                why=_BOTH_ARMS,
            ),
        ),
    },
)
