"""The numbers of a hand-made release, read without the report's code."""

from __future__ import annotations

from pathlib import Path

import duckdb


def published(file: Path) -> dict[str, dict[str, float | None]]:
    """Each published number by row id and field, read from the release without the report's code."""
    with duckdb.connect(str(file), read_only=True) as connection:
        cursor = connection.execute("select * from marts.mart_metric_trend")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        spots = connection.execute(
            "select period, rank, excess_need_hours, needs, share, cumulative_share from marts.mart_weak_spots"
        ).fetchall()
        flows = connection.execute("select * from marts.mart_backlog_flow").fetchall()
        needs = connection.execute(
            "select need_id, hours_to_due, days_since_last_event from marts.mart_need_board"
        ).fetchall()
        departments = connection.execute(
            """select department, open_needs, overdue, due_soon, overdue_hours, most_overdue_hours
            from marts.mart_need_board_counts where department_role in ('all', 'accountable') and grade = 'all'"""
        ).fetchall()
    found = {"/".join(row[k] for k in ("metric", "period", "group_by", "group_value")): row for row in rows}
    for period, rank, *numbers in spots:
        fields = ("excess_need_hours", "needs", "share", "cumulative_share")
        found[f"weak_spot/{period}/{rank}"] = dict(zip(fields, numbers, strict=True))
    for period, _, group_by, group_value, _, _, *numbers in flows:
        steps = ("opening_backlog", "raised", "reopened", "resolved", "rejected", "closing_backlog")
        found[f"backlog_flow/{period}/{group_by}/{group_value}"] = dict(zip(steps, numbers, strict=True))
    for need_id, left, days in needs:
        found[f"need_board/{need_id}"] = {"hours_to_due": left, "days_since_last_event": days}
    for department, *numbers in departments:
        of_department = ("open_needs", "overdue", "due_soon", "overdue_hours", "most_overdue_hours")
        found[f"need_board/{department}"] = dict(zip(of_department, numbers, strict=True))
    found |= _training(file)
    found["open_gaps/health"] = {"gaps": 2, "actionable": 1}
    found["open_gaps/wealth"] = {"gaps": 1, "actionable": 0}
    found["open_gaps/all"] = {"gaps": 3, "actionable": 1}
    for step in ("proposal", "all"):
        found[f"followup_reminders/{step}"] = {"overdue": 2, "due_soon": 1, "most_overdue_hours": 30.5}
    found["open_complaints/60"] = {"complaints": 2, "regulator_referred": 1, "oldest_days": 71.5}
    found["open_complaints/none"] = {"complaints": 1, "regulator_referred": 0, "oldest_days": 3.25}
    found["open_complaints/all"] = {"complaints": 3, "regulator_referred": 1, "oldest_days": 71.5}
    return found


def _training(file: Path) -> dict[str, dict[str, float | None]]:
    """Effects, their months, comparisons before and after, and experiments, by row id."""
    keys = {
        "mart_training_effects": ("training_effect", "outcome"),
        "mart_training_effect_months": ("training_effect", "outcome || '/' || event_month"),
        "mart_before_after": ("before_after", "outcome || '/' || window_months"),
        "mart_experiment_results": ("experiment", "experiment_id"),
        "mart_improvement_loop": (
            "improvement_loop",
            "concat_ws('/', period, product_category, signal_type, category)",
        ),
    }
    found: dict[str, dict[str, float | None]] = {}
    with duckdb.connect(str(file), read_only=True) as connection:
        for table, (name, key) in keys.items():
            cursor = connection.execute(f"select {key} as row_key, * from marts.{table}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found[f"{name}/{row[0]}"] = dict(zip(names, row, strict=True))
    return found
