"""The training programmes: who attends when, what they learn, and the resulting tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import FIRST_DAY, LAST_DAY, add_months, civil, day_number
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table
from seeds.sample.effects import Effects
from seeds.sample.organisation import FAR_AWAY, Staff
from seeds.sample.randomness import Bools, Floats, Ints, chance, stream, weighted

MODULES = (
    "product_knowledge", "clause_interpretation", "need_discovery", "objection_handling", "suitability",
    "claims_knowledge", "service_process", "digital_tools", "compliance", "wealth_planning",
)  # fmt: skip
MODULES_ZH = (
    "产品知识",
    "条款解读",
    "需求挖掘",
    "异议处理",
    "适当性管理",
    "理赔知识",
    "服务流程",
    "数字化工具",
    "合规经营",
    "财富规划",
)
CLAUSE_MODULE = MODULES.index("clause_interpretation")
SCORE_BEFORE = (60, 54, 56, 55, 58, 57, 62, 64, 63, 52)
COURSE_HOURS = (200, 300, 400, 300, 200, 200, 150, 150, 200, 400)
"""Hundredths of an hour, junior; seniors take one and a half times as long."""
MASTERED = 80.0
NEVER_TRAINED = 0.25
COHORTS = tuple(
    day_number(day)
    for day in (
        date(2024, 5, 6), date(2024, 8, 5), date(2024, 11, 4), date(2025, 2, 10), date(2025, 5, 6), date(2025, 8, 4),
        date(2025, 11, 3), date(2026, 8, 10),
    )
)  # fmt: skip
"""First days of the confirmation training's cohorts; the last is still under way at the window's end for most."""
COHORT_WEIGHTS = (1, 1, 1, 1, 1, 1, 0.7, 0.3)
CONFIRMATION, REFRESHER, ADVANCED, COACHING = range(4)
PRE, POST, CERTIFICATION = range(3)


@dataclass(frozen=True)
class Training:
    """Enrolments (one row each, the confirmation ones first), and what they mean for each person."""

    staff: Ints
    programme: Ints
    started: Ints
    completed: Ints
    """FAR_AWAY where not completed by the end of the window."""
    score_before: Ints
    """Enrolment × module, hundredths of a point."""
    score_after: Ints
    trained_on: Ints
    """Per person: the day the confirmation training was completed, or FAR_AWAY."""
    clause_mastered: Bools
    """Per person: whether the test after it showed mastery of clause_interpretation."""

    def trained(self, persons: Ints, days: Ints) -> Bools:
        """Whether the person had completed the confirmation training before the day; false for NONE."""
        return np.asarray((persons != NONE) & (days > self.trained_on[np.maximum(persons, 0)]), dtype=np.bool_)

    def knows_clauses(self, persons: Ints, days: Ints) -> Bools:
        """Whether the person had mastered clause_interpretation before the day."""
        return self.trained(persons, days) & self.clause_mastered[np.maximum(persons, 0)]


def make_training(seed: int, staff: Staff, effects: Effects) -> Training:
    """Assigns sellers to cohorts at random, so the cohorts differ only in their date."""
    rng = stream(seed, "training")
    sellers = np.flatnonzero(staff.sellers)
    cohort = weighted(rng, COHORT_WEIGHTS, len(sellers))
    start = np.asarray(COHORTS)[cohort] + rng.integers(0, 4, len(sellers))
    goes = (
        ~chance(rng, NEVER_TRAINED, len(sellers))
        & (staff.hired[sellers] + 30 < start)
        & (start + 90 < staff.left[sellers])
    )
    person, start = sellers[goes], start[goes]
    end = start + rng.integers(38, 66, len(start))
    later_person, later_start, later_programme = _further_programmes(rng, staff, person, end)
    later_end = later_start + rng.integers(5, 30, len(later_start))
    staff_ids = np.concatenate([person, later_person])
    completed = np.concatenate([end, later_end])
    completed = np.where(completed <= LAST_DAY, completed, FAR_AWAY)
    before, after = _scores(rng, len(staff_ids), effects)
    confirmation = slice(0, len(person))
    trained_on = np.full(len(staff.branch), FAR_AWAY)
    trained_on[person] = completed[confirmation]
    clause_mastered = np.zeros(len(staff.branch), dtype=np.bool_)
    clause_mastered[person] = after[confirmation, CLAUSE_MODULE] >= MASTERED * 100
    return Training(
        staff=staff_ids,
        programme=np.concatenate([np.full(len(person), CONFIRMATION), later_programme]),
        started=np.concatenate([start, later_start]),
        completed=completed,
        score_before=before,
        score_after=after,
        trained_on=trained_on,
        clause_mastered=clause_mastered,
    )


def _further_programmes(rng: np.random.Generator, staff: Staff, person: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    again = np.flatnonzero(chance(rng, 0.3, len(person)))
    start = end[again] + rng.integers(90, 300, len(again))
    fits = (start + 30 <= LAST_DAY) & (start + 40 < staff.left[person[again]])
    programme = 1 + weighted(rng, (5, 3, 2), len(again))
    return person[again][fits], start[fits], programme[fits]


def _scores(rng: np.random.Generator, size: int, effects: Effects) -> tuple[Ints, Ints]:
    ability = rng.standard_normal((size, 1)) * 5
    before = np.clip(np.asarray(SCORE_BEFORE) + ability + rng.standard_normal((size, len(MODULES))) * 7, 15, 98)
    points = np.full(len(MODULES), effects.training_learning_points)
    points[CLAUSE_MODULE] = effects.weak_module_learning_points
    room = (100 - before) / 43
    after = np.clip(before + points * room + rng.standard_normal(before.shape) * 5, 10, 100)
    tenths = [np.asarray(np.rint(scores * 10) * 10, dtype=np.int64) for scores in (before, after)]
    return tenths[0], tenths[1]


def courses_table(contract: Contract) -> pa.Table:
    """A junior and a senior course of each module."""
    module = np.tile(np.arange(len(MODULES)), 2)
    level = np.repeat([0, 1], len(MODULES))
    hours = np.asarray(COURSE_HOURS)[module] * (2 + level) // 2
    names = [f"{MODULES_ZH[m]}({'初级' if not senior else '高级'})" for m, senior in zip(module, level, strict=True)]
    return arrow_table(contract.table("training.courses"), 0, {
        "course_id": np.arange(len(module)), "course_name": pa.array(names, pa.string()), "module": module,
        "level": level, "hours": hours, "updated_at": np.full(len(module), FIRST_DAY * DAY),
    })  # fmt: skip


def enrolment_tables(training: Training, contract: Contract) -> tuple[pa.Table, ...]:
    """The enrolment at its start, and again when completed."""

    def version(rows: Ints, completed: Ints, updated_at: Ints) -> pa.Table:
        return arrow_table(contract.table("training.enrolments"), 0, {
            "enrolment_id": rows, "staff_id": training.staff[rows], "programme": training.programme[rows],
            "started_on": training.started[rows], "completed_on": completed, "updated_at": updated_at,
        })  # fmt: skip

    rows = np.arange(len(training.staff))
    done = np.flatnonzero(training.completed != FAR_AWAY)
    return (
        version(rows, np.full(len(rows), NONE), training.started * DAY + 9 * HOUR),
        version(done, training.completed[done], training.completed[done] * DAY + 18 * HOUR),
    )


def _sessions(rng: np.random.Generator, training: Training) -> tuple[Ints, Ints, Ints]:
    """Enrolment, module and day of each session: all modules in confirmation, three in other programmes."""
    size = len(training.staff)
    enrolment = np.repeat(np.arange(size), len(MODULES))
    module = np.tile(np.arange(len(MODULES)), size)
    short = (training.programme != CONFIRMATION)[enrolment]
    lot = rng.random((size, len(MODULES)))
    third = np.sort(lot, axis=1)[:, 2]
    keep = ~short | (lot <= third[:, None]).ravel()
    planned_end = np.where(training.completed == FAR_AWAY, training.started + 50, training.completed)
    span = np.maximum(planned_end - training.started, 1)
    day = training.started[enrolment] + 1 + (module * (span[enrolment] - 2)) // len(MODULES)
    keep &= day <= LAST_DAY
    return enrolment[keep], module[keep], day[keep]


def attendance_table(seed: int, training: Training, contract: Contract) -> pa.Table:
    """One row per person and session; clause_interpretation is rated lowest."""
    rng = stream(seed, "attendance")
    enrolment, module, day = _sessions(rng, training)
    size = len(enrolment)
    order = np.lexsort((module, enrolment, day))
    enrolment, module, day = enrolment[order], module[order], day[order]
    senior = training.programme[enrolment] == ADVANCED
    attended = chance(rng, 0.92, size)
    hours = np.asarray(COURSE_HOURS)[module] * (2 + senior) // 2
    liking = np.where(module == CLAUSE_MODULE, 3.0, 4.1) + rng.standard_normal(size) * 0.8
    score = np.clip(np.rint(liking), 1, 5).astype(np.int64)
    return arrow_table(contract.table("training.attendance"), 0, {
        "attendance_id": np.arange(size), "staff_id": training.staff[enrolment],
        "course_id": module + len(MODULES) * senior,
        "enrolment_id": np.where(chance(rng, 0.02, size), NONE, enrolment), "session_on": day, "attended": attended,
        "hours_attended": np.where(attended, hours, 0),
        "reaction_score": np.where(attended & chance(rng, 0.85, size), score, NONE),
    })  # fmt: skip


def assessments_table(seed: int, training: Training, contract: Contract) -> pa.Table:
    """Tests before and after in the modules taught, and a certification of the advanced programme."""
    rng = stream(seed, "assessments")
    enrolment, module, _ = _sessions(stream(seed, "attendance"), training)
    before_on = training.started[enrolment] - rng.integers(0, 7, len(enrolment))
    after_on = training.completed[enrolment] + rng.integers(0, 6, len(enrolment))
    certification_on = after_on + rng.integers(10, 25, len(enrolment))
    advanced = training.programme[enrolment] == ADVANCED
    certified = np.clip(training.score_after[enrolment, module] + 100 * rng.integers(-3, 4, len(enrolment)), 0, 10_000)
    rows = np.concatenate([enrolment, enrolment, enrolment])
    day = np.concatenate([before_on, after_on, certification_on])
    score = np.concatenate(
        [training.score_before[enrolment, module], training.score_after[enrolment, module], certified]
    )
    kind = np.repeat([PRE, POST, CERTIFICATION], len(enrolment))
    taken = (day <= LAST_DAY) & ((kind != CERTIFICATION) | np.tile(advanced, 3)) & ~chance(rng, 0.02, len(rows))
    order = np.flatnonzero(taken)[np.argsort(day[taken], kind="stable")]
    rows, module, day, score, kind = rows[order], np.tile(module, 3)[order], day[order], score[order], kind[order]
    return arrow_table(contract.table("training.assessments"), 0, {
        "assessment_id": np.arange(len(rows)), "staff_id": training.staff[rows],
        "enrolment_id": np.where(chance(rng, 0.03, len(rows)), NONE, rows), "module": module, "kind": kind,
        "taken_on": day, "score": score,
    })  # fmt: skip


def appraisals_table(seed: int, staff: Staff, training: Training, effects: Effects, contract: Contract) -> pa.Table:
    """Every quarter, of everyone employed at its end; dated in its last days."""
    rng = stream(seed, "appraisals")
    quarter_ends = add_months(np.full(12, FIRST_DAY), np.arange(1, 13) * 3) - 1
    person = np.repeat(np.arange(len(staff.branch)), 12)
    end = np.tile(quarter_ends, len(staff.branch))
    employed = staff.active(person, end)
    person, end = person[employed], end[employed]
    uplift = effects.training_appraisal_uplift * training.trained(person, end)
    supervisor = 76 + 4 * staff.quality[person] + uplift + rng.standard_normal(len(person)) * 4
    teamwork = 80 + 2 * staff.quality[person] + uplift / 2 + rng.standard_normal(len(person)) * 4
    year, month, _ = civil(end)
    periods = pa.array([f"{y}Q{(m + 2) // 3}" for y, m in zip(year.tolist(), month.tolist(), strict=True)], pa.string())
    return arrow_table(contract.table("training.appraisals"), 0, {
        "appraisal_id": np.arange(len(person)), "staff_id": person, "period": periods,
        "supervisor_score": _tenths(supervisor), "teamwork_score": _tenths(teamwork),
        "updated_at": (end - 2) * DAY + 16 * HOUR,
    })  # fmt: skip


def _tenths(scores: Floats) -> Ints:
    return np.asarray(np.rint(np.clip(scores, 0, 100) * 10) * 10, dtype=np.int64)
