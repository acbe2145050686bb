"""The checks of what the columns look like, against the weeks before: one result a table and kind of measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from expectations.check import Check, Text
from expectations.rules import NoRowWhere


@dataclass(frozen=True)
class ProfileCheck:
    """A check over lines of quality.profiles, and the measures that it looks at."""

    check: Check
    measures: tuple[str, ...]


MEASURE_WORDS = {
    "nulls": Text("缺失率", "share of nulls"),
    "orphans": Text("找不到的编号占比", "share of ids that are not found"),
    "level": Text("中位数", "median"),
    "negative": Text("负数占比", "share of negative amounts"),
    "mix": Text("占比", "share"),
    "night": Text("0–6 时占比", "share between midnight and six"),
    "midnight": Text("恰为零时的占比", "share at exactly midnight"),
    "unreadable": Text("乱码占比", "share of garbled texts"),
    "length": Text("平均长度", "mean length"),
    "distinct": Text("不同值占比", "share of distinct values"),
    "twins": Text("内容重复的行占比", "share of rows that are there twice"),
}
"""How messages name each measure."""

_EXPORT = Text(
    "请与源系统核对最近一次导出的程序与字段；有误则更正后重新交付，属实则无需处理，历史更新后自动解除。",
    "Compare with the source system's export; deliver again what is wrong. If it is right, nothing is to be done: the "
    "check passes once the weeks before look the same.",
)


def profile_checks() -> tuple[ProfileCheck, ...]:
    """All of them."""
    return (
        _check(
            "nulls_usual",
            ("nulls",),
            Text("各列缺失率与往周一致", "Columns are as complete as in the weeks before"),
            Text(
                "缺失率突变多为导出漏列或上游停止填写，分组与比率会失真。",
                "A sudden change mostly means that the export lost a column, which blurs groups and rates.",
            ),
        ),
        _check(
            "orphans_usual",
            ("orphans",),
            Text("找不到的编号不比往周多", "No more ids than usual are not found"),
            Text(
                "成批找不到的编号多为列互换、编号规则变化或被引用的表漏交。",
                "Many ids that are not found mostly mean swapped columns, new numbering, or a missing delivery.",
            ),
        ),
        _check(
            "amounts_usual",
            ("level", "negative"),
            Text("金额与数值的量级、正负与往周一致", "Amounts have the size and sign of the weeks before"),
            Text(
                "中位数成倍变化多为单位改变（元、分、万元）或列互换。",
                "A median that is many times higher or lower mostly means another unit (yuan, fen) or swapped columns.",
            ),
        ),
        _check(
            "mix_usual",
            ("mix",),
            Text("各取值的占比与往周一致", "Values have the shares of the weeks before"),
            Text(
                "占比突变多为代码映射改变或被默认值填充。",
                "A sudden change mostly means that codes are mapped otherwise or filled with a default.",
            ),
        ),
        _check(
            "times_usual",
            ("night", "midnight"),
            Text("时刻的分布与往周一致", "Times of day are those of the weeks before"),
            Text(
                "时刻整体移动多为时区错误，全为零时多为导出丢失时间；时效会失真。",
                "Times that move together mostly mean a wrong time zone; all at midnight, a lost time of day.",
            ),
        ),
        _check(
            "texts_readable",
            ("unreadable",),
            Text("文字没有乱码", "Texts can be read"),
            Text(
                "乱码多为源系统导出时编码错误，名称与分组无法显示。",
                "Garbled texts mostly mean a wrong encoding in the export; names and groups cannot be shown.",
            ),
        ),
        _check(
            "ids_usual",
            ("length", "distinct"),
            Text("编号的长度与种类与往周一致", "Ids have the length and variety of the weeks before"),
            Text(
                "长度变化多为前导零丢失或科学计数法，种类骤减多为默认值填充；记录会连错。",
                "Another length mostly means lost leading zeros, few distinct values a default: links break.",
            ),
        ),
        _check(
            "rows_not_twice",
            ("twins",),
            Text("没有换了主键的重复行", "Rows are not there twice under other keys"),
            Text(
                "内容相同、主键不同的行多为同一天导出两次，所有计数都会偏大。",
                "The same content under other keys mostly means a day exported twice: every count is too high.",
            ),
        ),
    )


def _check(name: str, measures: tuple[str, ...], label: Text, meaning: Text) -> ProfileCheck:
    condition = " or ".join(f"measure = '{measure}'" for measure in measures)
    return ProfileCheck(
        Check(
            name=name,
            severity="warning",
            rule=NoRowWhere(f"is_unusual and ({condition})", ()),
            label=label,
            meaning=meaning,
            remedy=_EXPORT,
        ),
        measures,
    )


class UnusualMeasure(NamedTuple):
    """A line of quality.profiles that is out of the usual."""

    column: str
    measure: str
    value: str
    now: float
    usual: float
    period: str


def sentence(unusual: list[UnusualMeasure], measured: int) -> Text:
    """What a table's check says; `measured` is the number of its measures."""
    if not unusual:
        return Text(
            f"{measured} 项与往周一致；行数少或历史短的不判断。",
            f"{measured} measures are as in the weeks before; those of few rows or a short history are not judged.",
        )
    return Text("；".join(map(_in_chinese, unusual)) + "。", "; ".join(map(_in_english, unusual)) + ".")


def _in_chinese(line: UnusualMeasure) -> str:
    when = "最近一天" if line.period == "day" else "最近七天"
    numbers = f"{_number(line.measure, line.now)}，通常 {_number(line.measure, line.usual)}（{when}）"
    return f"{_name(line)} 的{MEASURE_WORDS[line.measure].zh}为 {numbers}"


def _in_english(line: UnusualMeasure) -> str:
    when = "latest day" if line.period == "day" else "latest seven days"
    numbers = f"{_number(line.measure, line.now)}, usually {_number(line.measure, line.usual)} ({when})"
    return f"{_name(line)}: {MEASURE_WORDS[line.measure].en} {numbers}"


def _name(line: UnusualMeasure) -> str:
    return f"{line.column} = {line.value}" if line.value else line.column


def _number(measure: str, number: float) -> str:
    if measure == "level":
        return f"{10**number:,.2f}"
    return f"{number:.1f}" if measure == "length" else f"{number:.1%}"
