"""Writes docs/quality-checks.md, the list of all checks for ops: `python -m expectations.catalogue_page`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from expectations.check import Check, TableSuite
from expectations.delivery_checks import delivery_checks
from expectations.profile_checks import profile_checks
from expectations.suites.marts import marts_suites
from expectations.suites.raw import SYSTEM_SUITES, raw_suites
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract

PAGE = Path(__file__).resolve().parent.parent / "docs" / "quality-checks.md"

_HEAD = """# 质量检查目录 · Catalogue of quality checks

由 `python -m expectations.catalogue_page` 生成，请勿手工修改；说明见 [data-quality.md](data-quality.md)。

Written by `python -m expectations.catalogue_page`, not by hand; explained in [data-quality.md](data-quality.md).
"""
_COLUMNS = "| 检查 check | 级别 severity | 内容 what | 意义 why | 处理 remedy |\n|---|---|---|---|---|"


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    contract, thresholds = load_contract(), load_thresholds()
    yield _HEAD
    yield "## 每张表的交付 · Deliveries of every table\n"
    yield "负责：该表所属系统的团队。 Owner: the team of the table's system.\n"
    yield from _table(one.check for one in delivery_checks(thresholds))
    yield "## 每张表的列与往周相比 · Columns of every table against the weeks before\n"
    yield "负责：该表所属系统的团队。 Owner: the team of the table's system.\n"
    yield from _table(one.check for one in profile_checks())
    for suite in raw_suites(contract):
        system, table = suite.table_name.split(".")
        yield from _suite(suite, SYSTEM_SUITES[system].checks.get(table, ()))
        yield f"另有契约隐含的检查 · and, by the contract: {_of_the_contract(suite)}\n"
    for suite in marts_suites(contract, thresholds, ()):
        yield from _suite(suite, suite.checks)


def _of_the_contract(suite: TableSuite) -> str:
    system, table = suite.table_name.split(".")
    written = {check.name for check in SYSTEM_SUITES[system].checks.get(table, ())}
    return ", ".join(f"`{check.name}` ({check.severity})" for check in suite.checks if check.name not in written)


def _suite(suite: TableSuite, checks: Iterable[Check]) -> Iterator[str]:
    yield f"## {suite.table_name} · {suite.title.zh} · {suite.title.en}\n"
    yield f"负责 · Owner: {suite.owner}\n"
    yield from _table(checks)


def _table(checks: Iterable[Check]) -> Iterator[str]:
    rows = [
        f"| `{check.name}` | {check.severity} | {check.label.zh}<br>{check.label.en} "
        f"| {check.meaning.zh}<br>{check.meaning.en} | {check.remedy.zh}<br>{check.remedy.en} |"
        for check in checks
    ]
    if rows:
        yield _COLUMNS
        yield "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
