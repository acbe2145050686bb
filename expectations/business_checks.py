"""Words and shapes that hand-written checks share: order of dates, dates in the future, contradictions."""

from __future__ import annotations

from expectations.check import Check, Text
from expectations.rules import TOMORROW, Between, NoRowFrom, NoRowWhere, Rule, Unique

_CORRECT_AT_SOURCE = Text(
    "请在源系统更正后重新交付：可更新的表以更新的 updated_at 交付，事件表先作废（void）再交付新事件。",
    "Correct it in the source system and deliver again: a newer updated_at for tables with versions; for events, void "
    "the wrong one and deliver a new one.",
)
_WRONG_DATES = Text(
    "日期相互矛盾时，时长、时效与按期间的计数不可信。",
    "Where dates contradict each other, durations, deadlines and counts by period cannot be trusted.",
)

ANOTHER_CUSTOMER = (
    "other.customer_id <> checked.customer_id "
    "and checked.customer_id in (select customer_id from checked_rows.crm__customers) "
    "and other.customer_id in (select customer_id from checked_rows.crm__customers)"
)
"""For agrees_with: the rows name different customers. One that is not known at all has a check of its own."""


def in_order(later: str, earlier: str, zh: str, en: str) -> Check:
    """`later`, where both are known, is not before `earlier`."""
    return _warning(
        f"{later}_not_before_{earlier}", NoRowWhere(f"{later} < {earlier}", (later, earlier)), zh, en, _WRONG_DATES
    )


def not_in_future(column: str, zh: str, en: str) -> Check:
    """The column holds no time after the day of the load."""
    meaning = Text(
        "晚于装载日的事件不可能已经发生，多为年份或时区错误。",
        "What lies after the day of the load cannot have happened; mostly a wrong year or time zone.",
    )
    return _warning(f"{column}_not_in_future", NoRowWhere(f"{column} >= {TOMORROW}", (column,)), zh, en, meaning)


def contradiction(name: str, condition: str, columns: tuple[str, ...], zh: str, en: str, *, why: Text) -> Check:
    """No row meets the SQL condition, which describes what cannot be true of one row."""
    return _warning(name, NoRowWhere(condition, columns), zh, en, why)


def across_tables(name: str, query: str, columns: tuple[str, ...], zh: str, en: str, *, why: Text) -> Check:
    """The query, which reads `{rows}` and selects the key, finds no row."""
    return _warning(name, NoRowFrom(query, columns), zh, en, why)


def agrees_with(
    target: str,
    name: str,
    contradicted: str,
    *,
    columns: tuple[str, ...],
    zh: str,
    en: str,
    key: str,
    why: Text,
) -> Check:
    """No row contradicts the row of another table that it points to.

    `target` is the raw name (system__table) of that table, whose key bears the same name as the first of `columns`.
    `contradicted` is the SQL condition that must not hold between `checked` and `other`.
    """
    query = (
        f"select {key} from {{rows}} where exists (select 1 from checked_rows.{target} as other "
        f"where other.{columns[0]} = checked.{columns[0]} and ({contradicted}))"
    )
    return _warning(name, NoRowFrom(query, columns), zh, en, why)


def plausible(column: str, least: float | None, greatest: float | None, zh: str, en: str) -> Check:
    """A value lies where such values lie; what is far outside has mostly lost its unit or its decimal point."""
    meaning = Text(
        "远超常理的数值多为单位（分、元、万元）或小数点错误，会拉偏合计与均值。",
        "A value far beyond reason mostly has a wrong unit or decimal point, and drags sums and means with it.",
    )
    return _warning(f"{column}_plausible", Between(column, least, greatest), zh, en, meaning)


def once(columns: tuple[str, ...], zh: str, en: str, *, why: Text) -> Check:
    """The columns, which are not the key, identify a row."""
    return _warning(f"{'_'.join(columns)}_once", Unique(columns), zh, en, why)


def _warning(name: str, rule: Rule, zh: str, en: str, meaning: Text) -> Check:
    return Check(
        name=name, severity="warning", rule=rule, label=Text(zh, en), meaning=meaning, remedy=_CORRECT_AT_SOURCE
    )
