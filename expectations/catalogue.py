"""All checks: those that the contract implies and those of suites/*.yml, as the engine runs them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from expectations.check import Check, DeliveryCheck, ProfileCheck, Severity, TableSuite, Text
from expectations.checked_rows import may_be_checked, relation
from expectations.contract_checks import implied_checks
from expectations.rules import TOMORROW, Filled, HasRows, NoRowFrom, NoRowWhere, Rule, Unique
from expectations.suite_files import (
    CONTRACT,
    DELIVERIES,
    MARTS,
    PROFILES,
    SUITES,
    ContractFile,
    Defaults,
    DeliveriesFile,
    MartsFile,
    ProfilesFile,
    SuiteError,
    WrittenCheck,
    WrittenMart,
    raw_files,
    read,
    shared_texts,
)
from expectations.thresholds import Thresholds, load_thresholds
from needloop.contract.model import Contract, Table, load_contract
from needloop.sql_text import sql_literal

_ANOTHER_CUSTOMER = (
    "other.customer_id <> checked.customer_id "
    "and checked.customer_id in (select customer_id from checked_rows.crm__customers) "
    "and other.customer_id in (select customer_id from checked_rows.crm__customers)"
)
"""A customer that is not known at all has a check of its own."""


def raw_suites(contract: Contract, folder: Path = SUITES) -> tuple[TableSuite, ...]:
    """One suite per table of the contract. Raises SuiteError."""
    files = raw_files(folder)
    _all_in_contract(contract, folder)
    return tuple(
        TableSuite(
            table_name=table.full_name,
            system=table.system,
            owner=files[table.system].owner,
            title=Text(table.title.zh, table.title.en),
            key=table.key,
            relation=relation(table),
            checks=(*_of_the_contract(table, contract, folder), *written_checks(contract, table.full_name, folder)),
        )
        for table in contract.tables
    )


def written_checks(contract: Contract, table_name: str, folder: Path = SUITES) -> tuple[Check, ...]:
    """The checks of a raw table that its system's file adds to those of the contract."""
    table = contract.table(table_name)
    file = raw_files(folder)[table.system]
    writer = _Writer(folder, table.system, file, _templates(contract=contract, thresholds=load_thresholds()), contract)
    checks = writer.checks(file.tables.get(table.name, {}), f"tables.{table.name}", table.key)
    known = {column.name for column in table.columns if may_be_checked(column)}
    for check in checks:
        if unknown := set(check.rule.columns) - known:
            raise writer.error(f"tables.{table.name}.{check.name}", f"no column {', '.join(sorted(unknown))} to check")
    return checks


def _of_the_contract(table: Table, contract: Contract, folder: Path) -> Iterator[Check]:
    file = read(folder, CONTRACT, ContractFile)
    for one in implied_checks(table, contract):
        writer = _Writer(folder, CONTRACT, file, _templates(**one.names), contract)
        written = WrittenCheck(**file.checks[one.texts].model_dump(), **one.rule)
        yield writer.check(one.name, written, f"checks.{one.texts}", table.key)


def marts_suites(
    contract: Contract, thresholds: Thresholds, published: Collection[str], folder: Path = SUITES
) -> tuple[TableSuite, ...]:
    """The suites of the marts; `published` are the tables that a release will hold. Raises SuiteError."""
    suites: list[TableSuite] = []
    for name in MARTS:
        file = read(folder, name, MartsFile)
        render = _templates(file.macros, contract=contract, thresholds=thresholds, published=published, **file.values)
        writer = _Writer(folder, name, file, render, contract)
        suites += [_mart_suite(table, mart, file, writer) for table, mart in file.tables.items()]
    return tuple(suites)


@cache
def about_all_tables() -> frozenset[str]:
    """The names of suites that are about all published tables rather than one mart."""
    files = [read(SUITES, name, MartsFile) for name in MARTS]
    return frozenset(name for file in files for name, mart in file.tables.items() if mart.relation is not None)


@cache
def owners() -> dict[str, str]:
    """{system: the team that owns its checks}, with the warehouse team for `marts`."""
    marts = read(SUITES, MARTS[0], MartsFile)
    return {marts.system: marts.owner} | {name: file.owner for name, file in raw_files(SUITES).items()}


def delivery_checks(thresholds: Thresholds, folder: Path = SUITES) -> tuple[DeliveryCheck, ...]:
    """The checks with one result per table on its deliveries, with the limits of `thresholds`."""
    file = read(folder, DELIVERIES, DeliveriesFile)
    render = _templates(thresholds=thresholds)
    writer = _Writer(folder, DELIVERIES, file, render, load_contract())
    return tuple(
        DeliveryCheck(
            check=writer.check(name, written, "checks", ("table_name",)),
            failed=written.failed,
            checked=written.checked,
            passed_message=writer.text(f"checks.{name}.passed", written.passed),
            failed_message=writer.text(f"checks.{name}.broken", written.broken),
        )
        for name, written in file.checks.items()
    )


def profile_checks(folder: Path = SUITES) -> tuple[ProfileCheck, ...]:
    """The checks with one result per table and group of measures."""
    file = read(folder, PROFILES, ProfilesFile)
    writer = _Writer(folder, PROFILES, file, str, load_contract())
    checks = []
    for name, written in file.checks.items():
        if unknown := set(written.measures) - file.measures.keys():
            raise writer.error(f"checks.{name}", f"there is no measure {min(unknown)}")
        unusual = WrittenCheck(
            **written.model_dump(exclude={"measures"}),
            no_row_where=f"is_unusual and measure in ({_quoted(written.measures)})",
        )
        words = {measure: file.measures[measure] for measure in written.measures}
        checks.append(ProfileCheck(writer.check(name, unusual, "checks", ("table_name",)), words))
    return tuple(checks)


@dataclass(frozen=True)
class _Writer:
    """Turns the written checks of one file into checks."""

    folder: Path
    name: str
    file: Defaults
    render: Callable[[str], str]
    contract: Contract

    def error(self, where: str, what: str) -> SuiteError:
        """An error of this file."""
        return SuiteError(f"{self.folder / self.name}.yml: {where}: {what}")

    def checks(self, written: Mapping[str, WrittenCheck], where: str, key: tuple[str, ...]) -> tuple[Check, ...]:
        """Those that stand at `where`."""
        return tuple(self.check(name, one, where, key) for name, one in written.items())

    def check(self, name: str, written: WrittenCheck, where: str, key: tuple[str, ...]) -> Check:
        """One of them. Raises SuiteError."""
        try:
            rule = self._rule(written, key)
        except (KeyError, jinja2.TemplateError) as fault:
            raise self.error(f"{where}.{name}", str(fault.args[0] if fault.args else fault)) from fault
        return Check(
            name=name,
            severity=written.severity or self.file.severity,
            rule=rule,
            label=self.text(f"{where}.{name}.label", written.label),
            meaning=self.text(f"{where}.{name}.meaning", written.meaning or self.file.meaning or written.kind),
            remedy=self.text(f"{where}.{name}.remedy", written.remedy or self.file.remedy),
        )

    def text(self, where: str, said: str | Text | None) -> Text:
        """The text itself, or the shared text of that name, with the limits that it names."""
        shared = shared_texts(self.folder) | self.file.texts
        text = said if isinstance(said, Text) else shared.get(said or "")
        if text is None:
            raise self.error(where, f"there is no shared text {said}" if said else "there is no text")
        try:
            return Text(self.render(text.zh), self.render(text.en))
        except jinja2.TemplateError as fault:
            raise self.error(where, str(fault)) from fault

    def _rule(self, written: WrittenCheck, key: tuple[str, ...]) -> Rule:
        return _of_columns(written) or self._of_sql(written) or self._agreement(written, key)

    def _of_sql(self, written: WrittenCheck) -> Rule | None:
        if written.not_in_future is not None:
            return NoRowWhere(f"{written.not_in_future} >= {TOMORROW}", (written.not_in_future,))
        if written.order is not None:
            earlier, later = written.order
            return NoRowWhere(f"{later} < {earlier}", (later, earlier))
        if written.no_row_where is not None:
            return NoRowWhere(self.render(written.no_row_where), written.columns)
        return None if written.no_row_from is None else NoRowFrom(self.render(written.no_row_from), written.columns)

    def _agreement(self, written: WrittenCheck, key: tuple[str, ...]) -> NoRowFrom:
        other = written.agrees_with or written.same_customer_as
        if other is None:
            raise KeyError(f"{written.kind} has no rule: add it to catalogue.py")
        columns = other.columns if written.agrees_with else ("customer_id",)
        return NoRowFrom(
            f"select {', '.join(key)} from {{rows}} where exists "
            f"(select 1 from {relation(self.contract.table(other.table))} as other "
            f"where other.{other.by} = checked.{other.by} and ({written.contradicted or _ANOTHER_CUSTOMER}))",
            (other.by, *columns),
        )


def _of_columns(written: WrittenCheck) -> Rule | None:
    if written.has_rows:
        return HasRows()
    if written.filled is not None:
        return Filled(written.filled)
    if written.unique is not None:
        return Unique(written.unique)
    return written.one_of or written.between or written.plausible


def _all_in_contract(contract: Contract, folder: Path) -> None:
    files = raw_files(folder)
    systems = {table.system for table in contract.tables}
    if missing := systems - files.keys():
        raise SuiteError(f"{folder}: there is no file {', '.join(f'{name}.yml' for name in sorted(missing))}")
    for name, file in files.items():
        tables = {table.name for table in contract.tables if table.system == name}
        if unknown := file.tables.keys() - tables:
            raise SuiteError(f"{folder / name}.yml: tables: the contract has no {name}.{min(unknown)}")


def _mart_suite(table: str, mart: WrittenMart, file: MartsFile, writer: _Writer) -> TableSuite:
    return TableSuite(
        table_name=table,
        system=file.system,
        owner=file.owner,
        title=mart.title,
        key=mart.key,
        relation=f"marts.{table}" if mart.relation is None else writer.render(mart.relation),
        checks=(
            *writer.checks(_filled(mart), f"tables.{table}.filled", mart.key),
            *writer.checks(mart.checks, f"tables.{table}.checks", mart.key),
        ),
    )


def _filled(mart: WrittenMart) -> dict[str, WrittenCheck]:
    columns: list[tuple[str, Severity]] = [(column, s) for s, listed in mart.filled.items() for column in listed]
    return {
        f"{column}_filled": WrittenCheck(
            filled=column, severity=severity, label=Text(f"列 {column} 有值", f"Column {column} is filled")
        )
        for column, severity in columns
    }


def _templates(macros: str = "", **names: Any) -> Callable[[str], str]:
    """Renders Jinja templates that use the macros and the names."""

    def render(template: str) -> str:
        if "{{" not in template and "{%" not in template:
            return template
        return _compiled(macros + template).render(names).strip()

    return render


@cache
def _compiled(template: str) -> jinja2.Template:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.filters |= {"quoted": _quoted, "percent": "{:.1%}".format}
    return environment.from_string(template)


def _quoted(names: Iterable[str]) -> str:
    """A list of SQL texts, to stand in brackets; no text is equal to null."""
    return ", ".join(map(sql_literal, names)) or "null"
