"""No model decides by a number of its own: days, hours, limits and bands stand in seeds/reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from needloop.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"

NOT_RULES = {
    r"/ 24\b|'24 \* ": "a day has 24 hours",
    r"\b3600000000\b|/ 3\.6e9": "an hour in microseconds",
    r"\b12 \* extract\(year|extract\(year from .+\) \* 12\b|payment_term_years \* 12\b": "a year has 12 months",
    r"-12, '|, -12\)|\(period, 12\)|\(period, 4\)|\b4 \* extract\(year": "the same period a year before",
    r"'-3 \* \(|\b3 as months|, 3, 'month'": "a quarter has 3 months",
    r"range between 4 preceding and 1 preceding": "the four quarters before are a year; a frame takes no column",
    r"range between 3 preceding and current row": "four quarters are a year; a frame takes no column",
    r"day_of_week (>= 6|<= 5)": "the weekend",
    r"'1900-01-01'|'2100-12-31'|'1000-01-01 00:00:00'|'9999-12-31 00:00:00'": "the days that the contract lets in",
    r"test_month = (13|25|37)": "the columns are named after the month of the test",
    r"return\(\['15', '30', '60'\]\)": "the names of the limits, not their days",
    r"'(confirmed|proposal|won|callback)', [2-5],": "the order of the steps",
    r", 0\.5\) }}": "the median",
    r"/ 2\.0": "the middle of tied ranks",
    r"place - 0\.5": "a place is the middle of its share",
    r"rank, 12\)": "decimals that two orders of addition agree on",
    r"substr\(\w+, [25]\)": "a place in a text",
    r"extract\(month from \w+\)|, 2, '0'\)": "digits of a name",
    r"\b100 [+*]|\b9999 as sort_order|then 1 else 2 end|= 1 then 2 else": "an order",
    r"\* 1\.0": "a decimal division",
    r"{{ before }}, 4\)": "decimals below a fen, where floating point noise begins",
    r"greatest\(1e-6, 1e-14 \*": "what a double cannot tell apart",
}
"""Patterns of numbers that no bank would change, and why."""

_COMMENT = re.compile(r"{#.*?#}|--[^\n]*", re.DOTALL)
_TYPE = re.compile(r"decimal\(\d+, \d+\)")
_NAME = re.compile(r"\b[a-z_]\w*\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e\d+)?(?!\w)")


def rules_in(sql: str) -> Iterator[tuple[int, str]]:
    """Lines with a number that may be a rule: none of 0 and 1, and none that is explained above."""
    without_comments = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), sql)
    for number, line in enumerate(without_comments.splitlines(), 1):
        rest = _TYPE.sub("", line.strip())
        for pattern in NOT_RULES:
            rest = re.sub(pattern, "", rest)
        if {*_NUMBER.findall(_NAME.sub("", rest))} - {"0", "1"}:
            yield number, line.strip()


def sources() -> list[Path]:
    """The SQL that may hold rules; how an engine says things is no rule."""
    found = [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("macros/**/*.sql")]
    return sorted(file for file in found if file.parent != PROJECT / "macros" / "dialect")


def test_no_model_has_a_number_of_its_own() -> None:
    found = [
        f"{file.relative_to(PROJECT)}:{number}: {line}"
        for file in sources()
        for number, line in rules_in(file.read_text("utf-8"))
    ]
    assert found == [], "add a row to seeds/reference/parameters.csv and read it from int_parameters"


@pytest.mark.parametrize("pattern", NOT_RULES)
def test_every_exception_is_used(pattern: str) -> None:
    lines = (line.strip() for file in sources() for line in file.read_text("utf-8").splitlines())
    assert any(re.search(pattern, line) for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "and earlier.first_resolved_at >= {{ plus_days('later.raised_at', -90) }}",
        "{{ plus_hours('claims.reported_at', 72) }} as first_update_due_at,",
        "{%- for days in [15, 30, 60] %}",
        "where hours_to_due <= 24",
        "when with_reason.p >= 0.05 then 'no_difference_shown'",
        "and happened_at > as_of_end - interval '7' day",
    ],
)
def test_a_rule_in_a_model_is_found(line: str) -> None:
    assert list(rules_in(line)) == [(1, line)]


@pytest.mark.parametrize("line", ["cast(paid as decimal(18, 2))", "persistency_13, -- 13 months", "coalesce(n, 0) = 1"])
def test_other_numbers_are_not(line: str) -> None:
    assert list(rules_in(line)) == []
