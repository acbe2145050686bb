"""Check results and problems as tests need them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dagster_pipelines.alerts.problem import Problem
from expectations.check import Severity, Text
from expectations.results import CheckResult


def check_result(**others: Any) -> CheckResult:
    """A failed warning of crm.needs, unless told otherwise."""
    said: dict[str, Any] = {
        "table_name": "crm.needs", "system": "crm", "check_name": "raised_at_not_in_future", "stage": "raw",
        "severity": "warning", "owner": "客户数据组 CRM data team", "passed": False,
        "failed_rows": 3, "checked_rows": 10, "label_zh": "需求提出时间不在将来",
        "label_en": "Needs are not raised in the future", "message_zh": "10 行中有 3 行不符合。",
        "message_en": "3 of 10 rows fail.", "remedy_zh": "请在源系统更正。",
        "remedy_en": "Correct it in the source system.", "checked_at": datetime(2026, 9, 30),
        "sample_keys": ("N-secret-key",), **others,
    }  # fmt: skip
    return CheckResult(**said)


def problem(key: str = "k", severity: Severity = "blocking", **others: Any) -> Problem:
    """A problem of crm.needs, unless told otherwise."""
    said: dict[str, Any] = {
        "key": key, "kind": "check", "severity": severity, "system": "crm", "owner": "客户数据组 CRM data team",
        "where": "crm.needs", "title": Text("标题" + key, "Title " + key), "what": Text("何事", "What"),
        "remedy": Text("怎么办", "Do this"), "rows": 3, "checked_rows": 10, **others,
    }  # fmt: skip
    return Problem(**said)
