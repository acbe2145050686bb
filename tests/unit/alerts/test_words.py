"""The words of alerts: the same in both languages, and nothing of a row in them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import dagster_pipelines.alerts as package
from dagster_pipelines.alerts.redaction import redact
from dagster_pipelines.alerts.sources.checks import check_findings
from tests.unit.alerts.problems import check_result

_TEXTS = Path(package.__file__).parent / "texts"


def _leaves(said: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, value in said.items():
            yield from _leaves(value, f"{place}.{name}")
    else:
        yield place, said


def test_both_languages_say_the_same_with_the_same_names() -> None:
    zh, en = (dict(_leaves(yaml.safe_load((_TEXTS / f"{one}.yml").read_text("utf-8")))) for one in ("zh", "en"))
    assert set(zh) == set(en)
    for place, text in zh.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, en[place])]
        assert fields[0] == fields[1], place
        assert not re.search("[\u4e00-\u9fff]", en[place]), place


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Could not convert string 'abc' to INT32", "Could not convert string '…' to INT32"),
        ('Duplicate key "customer_id: C1" violates', "Duplicate key '…' violates"),
        ("the bank's file isn't there", "the bank's file isn't there"),
        ("No such file: '/data/x/a.csv'", "No such file: '/data/x/a.csv'"),
        ("phone 13912345678, id 31010119800101123X", "phone …, id …"),
        ("run 20260930 of 2026-09-30", "run 20260930 of 2026-09-30"),
        ("first\nOriginal Line: 张三,1", "first"),
        ("编号“张三”不存在", "编号'…'不存在"),
        ("", ""),
    ],
)
def test_values_are_blotted_out(said: str, left: str) -> None:
    assert redact(said) == left


def test_a_failed_check_is_told_without_keys() -> None:
    (problem,) = check_findings("raw", [check_result()]).problems
    assert "N-secret-key" not in repr(problem)
    assert problem.key == "check/raw/warning/crm.needs/raised_at_not_in_future"
    assert (problem.rows, problem.checked_rows) == (3, 10)


def test_a_check_that_could_not_be_carried_out_counts_no_rows() -> None:
    (problem,) = check_findings("raw", [check_result(failed_rows=0, checked_rows=0)]).problems
    assert problem.rows is None


def test_a_stage_clears_its_own_checks_only() -> None:
    findings = check_findings("marts", [check_result(passed=True)])
    assert findings.clears("check/marts/blocking/metric_values/gone")
    assert not findings.clears("check/raw/warning/crm.needs/other")
    assert not findings.clears("run/failed")
