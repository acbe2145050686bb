"""Checks of the training system: staff, courses, programmes, attendance, tests, appraisals."""

from __future__ import annotations

from expectations.business_checks import contradiction, in_order, not_in_future, once
from expectations.check import SystemSuite, Text

_HOURS = Text("缺勤人员没有学时。", "Who was absent has no hours.")
_PERIOD = Text(
    "考核按季度与业务结果对照，季度须写作 2026Q3。",
    "Appraisals are set against a quarter's results; it is written 2026Q3.",
)
_APPRAISAL = Text("同一人同一季度只有一次考核。", "A person is appraised once a quarter.")
_SUPERVISOR = Text("上级不能是本人。", "Nobody supervises themselves.")

SUITE = SystemSuite(
    system="training",
    owner="培训管理组 Training office",
    checks={
        "staff": (
            not_in_future("hired_on", "入职日期不在将来", "Hired on a day that has come"),
            in_order("confirmed_on", "hired_on", "转正不早于入职", "Confirmed not before hired"),
            in_order("left_on", "hired_on", "离职不早于入职", "Left not before hired"),
            contradiction(
                "not_own_supervisor",
                "supervisor_id = staff_id",
                ("supervisor_id",),
                "上级不是本人",
                "Nobody is their own supervisor",
                why=_SUPERVISOR,
            ),
        ),
        "enrolments": (
            not_in_future("started_on", "开班日期不在将来", "Started on a day that has come"),
            in_order("completed_on", "started_on", "结业不早于开班", "Completed not before started"),
        ),
        "attendance": (
            not_in_future("session_on", "上课日期不在将来", "A session on a day that has come"),
            contradiction(
                "hours_only_when_there",
                "not attended and hours_attended > 0",
                ("attended", "hours_attended"),
                "缺勤没有学时",
                "No hours without attendance",
                why=_HOURS,
            ),
        ),
        "assessments": (not_in_future("taken_on", "测评日期不在将来", "Taken on a day that has come"),),
        "appraisals": (
            contradiction(
                "period_is_a_quarter",
                "not regexp_full_match(period, '[0-9][0-9][0-9][0-9]Q[1-4]')",
                ("period",),
                "考核期间是一个季度",
                "The period is a quarter",
                why=_PERIOD,
            ),
            once(("staff_id", "period"), "每人每季度一行", "One row for each person and quarter", why=_APPRAISAL),
        ),
    },
)
