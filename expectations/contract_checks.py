"""The checks that the source contract implies: keys, required columns, domains, references.

Landing refuses rows that break the first three; here they guard what lies in the warehouse against a fault in between,
which is why they block.
"""

from __future__ import annotations

from expectations.check import Check, Text
from expectations.checked_rows import may_be_checked, relation
from expectations.rules import Between, Filled, NoRowFrom, NoRowWhere, OneOf, Unique
from needloop.contract.model import Column, Contract, Table

_LOAD_AGAIN = Text(
    "入库后数据被破坏：请运行 needloop run --full-refresh；若仍失败，请恢复数据仓库文件的备份，并报告此问题。",
    "The data was damaged after loading. Run needloop run --full-refresh; if the check fails again, restore the "
    "warehouse file from a backup and report the problem.",
)


def contract_checks(table: Table, contract: Contract) -> tuple[Check, ...]:
    """Everything the contract says of the table, as checks."""
    checked = [column for column in table.columns if may_be_checked(column)]
    return (
        _key_unique(table),
        *(_filled(column) for column in checked if column.required),
        *(check for column in checked for check in _domain(column)),
        *(_reference(table, column, contract) for column in checked if column.references),
    )


def _key_unique(table: Table) -> Check:
    key = ", ".join(table.key)
    return Check(
        name="key_unique",
        severity="blocking",
        rule=Unique(table.key),
        label=Text(f"主键 {key} 唯一", f"Key {key} is unique"),
        meaning=Text(
            "每个主键只有一个当前版本（事件只出现一次）；否则所有计数都会偏大。",
            "A key has one current version and an event exists once; otherwise every count is too high.",
        ),
        remedy=_LOAD_AGAIN,
    )


def _filled(column: Column) -> Check:
    return Check(
        name=f"{column.name}_filled",
        severity="blocking",
        rule=Filled(column.name),
        label=Text(f"必填列 {column.name} 有值", f"Required column {column.name} is filled"),
        meaning=Text("数据契约规定该列必填。", "The source contract requires this column."),
        remedy=_LOAD_AGAIN,
    )


def _domain(column: Column) -> list[Check]:
    if column.values:
        return [_in_domain(column, OneOf(column.name, column.values), ", ".join(column.values))]
    if column.min is not None or column.max is not None:
        least = "" if column.min is None else str(column.min)
        greatest = "" if column.max is None else str(column.max)
        return [_in_domain(column, Between(column.name, column.min, column.max), f"{least}–{greatest}")]
    return [_in_domain(column, *_range_by(column, other)) for other in column.range_by]


def _range_by(column: Column, other: str) -> tuple[NoRowWhere, str]:
    ranges = column.range_by[other]
    broken = " or ".join(
        f"({other} = '{value}' and {column.name} not between {least} and {greatest})"
        for value, (least, greatest) in ranges.items()
    )
    said = ", ".join(f"{value} {least}–{greatest}" for value, (least, greatest) in ranges.items())
    return NoRowWhere(broken, (column.name, other)), said


def _in_domain(column: Column, rule: OneOf | Between | NoRowWhere, domain: str) -> Check:
    return Check(
        name=f"{column.name}_in_domain",
        severity="blocking",
        rule=rule,
        label=Text(f"列 {column.name} 的取值在规定范围内", f"Column {column.name} has allowed values only"),
        meaning=Text(f"允许的取值：{domain}。", f"Allowed: {domain}."),
        remedy=_LOAD_AGAIN,
    )


def _reference(table: Table, column: Column, contract: Contract) -> Check:
    target = contract.table(str(column.references))
    [target_key] = target.key
    rule = NoRowFrom(
        f"select {', '.join(table.key)} from {{rows}} where {column.name} is not null "
        f"and {column.name} not in (select {target_key} from {relation(target)} where {target_key} is not null)",
        (column.name,),
    )
    return Check(
        name=f"{column.name}_known",
        severity="warning",
        rule=rule,
        label=Text(
            f"列 {column.name} 的取值都在{target.title.zh}（{target.full_name}）中",
            f"Every {column.name} exists in {target.full_name}",
        ),
        meaning=Text(
            "找不到的编号归入“未知”，合计不受影响，但分组会失真。",
            "An unknown id counts under the unknown member: totals stay right, breakdowns do not.",
        ),
        remedy=Text(
            f"请补交 {target.full_name} 中缺少的行，或在源系统更正编号后重新交付。",
            f"Deliver the missing rows of {target.full_name}, or correct the ids in the source system and deliver "
            "again.",
        ),
    )
