"""The report, the messages and the dashboards select rows of the release: no count, no limit of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from needloop.settings import PROJECT_ROOT

READERS = (
    *(PROJECT_ROOT / "dashboards" / "report").rglob("*.py"),
    *(PROJECT_ROOT / "dashboards" / "action_lists").rglob("*.py"),
    *(PROJECT_ROOT / "dagster_pipelines" / "alerts").rglob("*.py"),
)
DATASETS = tuple((PROJECT_ROOT / "dashboards" / "superset" / "assets").rglob("*.yml"))
COUNTED_ALL_THE_SAME = {
    "league": "the places of a table, which follow from the order of its rows",
    "has": "whether the release has a table",
}
_AGGREGATE = re.compile(r"\b(count|sum|avg|min|max|median|quantile_cont|string_agg)\s*\(|\bgroup by\b", re.IGNORECASE)
_LIMIT = re.compile(r"\b\w*(hours|days|age|due)\w*\s*(<=|>=|<|>)\s*-?[1-9]|\binterval\s+'?\d", re.IGNORECASE)
_WRITTEN_IN_DAYS_FROM = "age_hours < 48"
"""How an age is written is no rule of the business."""
_QUERY = re.compile(r"\bselect\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)


def counting_queries(code: str) -> Iterator[tuple[str, str]]:
    """(function, query) of the SQL that groups or counts; the function is empty at the level of the module."""
    yield from _of(ast.parse(code), "")


def _of(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        text = _text(child)
        if text is None:
            yield from _of(child, inside)
        elif _QUERY.search(text) and _AGGREGATE.search(text):
            yield inside, " ".join(text.split())


def _text(node: ast.AST) -> str | None:
    """The words of a string, without what is filled into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


@pytest.mark.parametrize("file", READERS, ids=lambda file: str(file.relative_to(PROJECT_ROOT)))
def test_a_reader_selects(file: Path) -> None:
    found = [one for one in counting_queries(file.read_text("utf-8")) if one[0] not in COUNTED_ALL_THE_SAME]
    assert found == [], "publish what is counted as a mart, and select its rows"


@pytest.mark.parametrize(
    "code",
    [
        'def f():\n    return "select count(*) from mart_need_board"',
        'Q = """\nselect max(due_at)\nfrom mart_need_board"""',
        'def f(x):\n    return f"select {x}, n from mart group by {x}"',
    ],
)
def test_a_reader_that_counts_is_found(code: str) -> None:
    assert len(list(counting_queries(code))) == 1


def test_a_reader_that_selects_is_not() -> None:
    assert list(counting_queries('def f():\n    return f"select n from mart where {x} order by n"')) == []


@pytest.mark.parametrize("file", [*READERS, *DATASETS], ids=lambda file: str(file.relative_to(PROJECT_ROOT)))
def test_a_reader_has_no_limit_of_its_own(file: Path) -> None:
    lines = file.read_text("utf-8").replace(_WRITTEN_IN_DAYS_FROM, "").splitlines()
    assert [line for line in lines if _LIMIT.search(line)] == [], "add a parameter, and publish what follows from it"


@pytest.mark.parametrize(
    "line",
    [
        "count(*) filter (is_overdue and hours_to_due >= -24) as newly_overdue,",
        "where as_of < month_starts_on + interval 1 month + interval 7 day",
        "sql: count(*) filter (where days_to_next_limit <= 5)",
    ],
)
def test_a_limit_is_found(line: str) -> None:
    assert _LIMIT.search(line)
