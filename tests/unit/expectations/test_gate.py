"""The gate's decision."""

from __future__ import annotations

from datetime import datetime

import pytest

from expectations.check import Severity
from expectations.gate import gate
from expectations.results import CheckResult


def _result(*, passed: bool, severity: Severity) -> CheckResult:
    return CheckResult(
        table_name="crm.needs", system="crm", check_name="key_unique", stage="raw", severity=severity,
        owner="数据组 Team", passed=passed, failed_rows=0 if passed else 3, checked_rows=10,
        label_zh="主键唯一", label_en="Key is unique",
        message_zh="10 行中有 3 行不符合。", message_en="3 of 10 rows.",
        remedy_zh="请重新装载。", remedy_en="Load again.",
        checked_at=datetime(2026, 9, 30), sample_keys=(),
    )  # fmt: skip


def test_open_when_only_warnings_fail() -> None:
    decision = gate([_result(passed=True, severity="blocking"), _result(passed=False, severity="warning")])
    assert decision.open
    assert len(decision.warnings) == 1
    assert decision.sentences_en == ()


def test_closed_by_one_blocking_failure_with_sentences_in_both_languages() -> None:
    decision = gate([_result(passed=False, severity="blocking"), _result(passed=True, severity="blocking")])
    assert not decision.open
    assert decision.sentences_en == (
        "crm.needs: Key is unique - failed. 3 of 10 rows. To do: Load again. (Owner: 数据组 Team)",
    )
    assert decision.sentences_zh == (
        "crm.needs：主键唯一——未通过。10 行中有 3 行不符合。处理：请重新装载。（负责：数据组 Team）",
    )


def test_without_results_nothing_can_be_decided() -> None:
    with pytest.raises(ValueError, match="run the checks first"):
        gate([])
