"""What a check of a table's columns says: which measures are unusual, and what they usually are."""

from __future__ import annotations

from typing import NamedTuple

from expectations.check import ProfileCheck, Text


class UnusualMeasure(NamedTuple):
    """A line of quality.profiles that is out of the usual."""

    column: str
    measure: str
    value: str
    now: float
    usual: float
    period: str


def sentence(one: ProfileCheck, unusual: list[UnusualMeasure], measured: int) -> Text:
    """The message of a table's check; `measured` is the number of its measures."""
    if not unusual:
        return Text(
            f"{measured} 项与往周一致；行数少或历史短的不判断。",
            f"{measured} measures are as in the weeks before. Those with few rows or a short history are not judged.",
        )
    return Text(
        "；".join(_in_chinese(one, line) for line in unusual) + "。",
        "; ".join(_in_english(one, line) for line in unusual) + ".",
    )


def _in_chinese(one: ProfileCheck, line: UnusualMeasure) -> str:
    when = "最近一天" if line.period == "day" else "最近七天"
    numbers = f"{_number(line.measure, line.now)}，通常 {_number(line.measure, line.usual)}（{when}）"
    return f"{_name(line)} 的{one.measures[line.measure].zh}为 {numbers}"


def _in_english(one: ProfileCheck, line: UnusualMeasure) -> str:
    when = "latest day" if line.period == "day" else "latest seven days"
    numbers = f"{_number(line.measure, line.now)}, usually {_number(line.measure, line.usual)} ({when})"
    return f"{_name(line)}: {one.measures[line.measure].en} {numbers}"


def _name(line: UnusualMeasure) -> str:
    return f"{line.column} = {line.value}" if line.value else line.column


def _number(measure: str, number: float) -> str:
    if measure == "level":
        return f"{10**number:,.2f}"
    return f"{number:.1f}" if measure == "length" else f"{number:.1%}"
