"""Checks of the training system: staff, courses, programmes, attendance, tests, appraisals."""

from __future__ import annotations

from expectations.business_checks import (
    across_tables,
    agrees_with,
    contradiction,
    in_order,
    not_in_future,
    once,
    plausible,
)
from expectations.check import SystemSuite, Text

_HOURS = Text("缺勤人员没有学时。", "Who was absent has no hours.")
_PERIOD = Text(
    "考核按季度与业务结果对照，季度须写作 2026Q3。",
    "Appraisals are set against a quarter's results; it is written 2026Q3.",
)
_APPRAISAL = Text("同一人同一季度只有一次考核。", "A person is appraised once a quarter.")
_SUPERVISOR = Text("上级不能是本人。", "Nobody supervises themselves.")

_WHOSE_PROGRAMME = Text(
    "学时与成绩按报名归到培训项目；人员不一致时培训效果会算到他人名下。",
    "Hours and scores go to a programme by the enrolment; another person's gives the effect to somebody else.",
)
_COURSE_HOURS = Text("学时不超过课时，否则培训投入会偏大。", "More hours than the course has overstate the effort.")
_SUPERVISION = Text("互为上级时，团队归属无法判断。", "Where two supervise each other, nobody knows whose team it is.")

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
            across_tables(
                "not_each_others_supervisor",
                "select staff_id from {rows} where exists (select 1 from checked_rows.training__staff as other "
                "where other.staff_id = checked.supervisor_id and other.supervisor_id = checked.staff_id "
                "and other.staff_id <> checked.staff_id)",
                ("supervisor_id",),
                "两人不互为上级",
                "Two persons do not supervise each other",
                why=_SUPERVISION,
            ),
        ),
        "courses": (plausible("hours", None, 200, "课时不超过 200 小时", "A course has at most 200 hours"),),
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
            plausible("hours_attended", None, 24, "一次上课不超过 24 小时", "A session has at most 24 hours"),
            agrees_with(
                "training__courses",
                "hours_of_course",
                "checked.hours_attended > other.hours",
                columns=("course_id", "hours_attended"),
                zh="学时不超过课程课时",
                en="No more hours than the course has",
                key="attendance_id",
                why=_COURSE_HOURS,
            ),
            agrees_with(
                "training__enrolments",
                "enrolment_of_staff",
                "other.staff_id <> checked.staff_id",
                columns=("enrolment_id", "staff_id"),
                zh="考勤的报名属于本人",
                en="The enrolment belongs to the person",
                key="attendance_id",
                why=_WHOSE_PROGRAMME,
            ),
        ),
        "assessments": (
            not_in_future("taken_on", "测评日期不在将来", "Taken on a day that has come"),
            agrees_with(
                "training__enrolments",
                "enrolment_of_staff",
                "other.staff_id <> checked.staff_id",
                columns=("enrolment_id", "staff_id"),
                zh="测评的报名属于本人",
                en="The enrolment belongs to the person",
                key="assessment_id",
                why=_WHOSE_PROGRAMME,
            ),
        ),
        "appraisals": (
            contradiction(
                "period_is_a_quarter",
                "not regexp_full_match(period, '[0-9][0-9][0-9][0-9]Q[1-4]')",
                ("period",),
                "考核期间是一个季度",
                "The period is a quarter",
                why=_PERIOD,
            ),
            contradiction(
                "period_not_in_future",
                "try_cast(left(period, 4) as integer) * 4 + try_cast(substr(period, 6, 1) as integer) - 1 "
                "> extract('year' from updated_at) * 4 + extract('quarter' from updated_at) - 1",
                ("period", "updated_at"),
                "考核期间已开始",
                "The appraised quarter had begun",
                why=_PERIOD,
            ),
            once(("staff_id", "period"), "每人每季度一行", "One row for each person and quarter", why=_APPRAISAL),
        ),
    },
)
