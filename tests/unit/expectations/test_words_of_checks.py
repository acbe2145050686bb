"""Every check has what people need of it: a name, a severity, an owner, and words in both languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from expectations.catalogue import delivery_checks, marts_suites, raw_suites
from expectations.check import Check, DeliveryCheck, TableSuite
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract

_CONTRACT, _THRESHOLDS = load_contract(), load_thresholds()
_SUITES = (*raw_suites(_CONTRACT), *marts_suites(_CONTRACT, _THRESHOLDS, ["metric_values"]))
_DELIVERY_CHECKS = delivery_checks(_THRESHOLDS)
_HAN = re.compile("[\u4e00-\u9fff]")


def _checks() -> list[Check]:
    return [check for suite in _SUITES for check in suite.checks] + [one.check for one in _DELIVERY_CHECKS]


def test_every_table_of_the_contract_has_a_suite() -> None:
    assert {table.full_name for table in _CONTRACT.tables} <= {suite.table_name for suite in _SUITES}


@pytest.mark.parametrize("suite", _SUITES, ids=lambda suite: suite.table_name)
def test_names_are_unique_and_there_is_an_owner(suite: TableSuite) -> None:
    names = Counter([check.name for check in suite.checks] + [one.check.name for one in _DELIVERY_CHECKS])
    assert [name for name, times in names.items() if times > 1] == []
    assert _HAN.search(suite.owner)
    assert re.search("[A-Za-z]", suite.owner)


def test_words_are_there_in_chinese_and_english() -> None:
    for check in _checks():
        for words in (check.label, check.meaning, check.remedy):
            assert _HAN.search(words.zh), (check.name, words)
            assert words.en, check.name
            assert not _HAN.search(words.en.replace("—", "")), (check.name, words)


def test_remedies_say_what_to_do_in_a_whole_sentence() -> None:
    for check in _checks():
        assert check.remedy.zh.endswith("。"), check.name
        assert check.remedy.en.endswith("."), check.name


def test_columns_of_checks_exist() -> None:
    for suite in raw_suites(_CONTRACT):
        columns = {column.name for column in _CONTRACT.table(suite.table_name).columns}
        for check in suite.checks:
            assert set(check.rule.columns) <= columns, (suite.table_name, check.name)


@pytest.mark.parametrize("one", _DELIVERY_CHECKS, ids=lambda one: one.check.name)
def test_messages_of_deliveries_are_bilingual(one: DeliveryCheck) -> None:
    for message in (one.passed_message, one.failed_message):
        assert _HAN.search(message.zh)
        assert message.en
        assert set(re.findall(r"{(\w+)}", message.zh)) == set(re.findall(r"{(\w+)}", message.en))


def test_thresholds_name_tables_and_columns_of_the_contract() -> None:
    tables = {table.full_name: {column.name for column in table.columns} for table in _CONTRACT.tables}
    assert set(_THRESHOLDS.freshness) <= set(tables)
    columns = {table: columns | {"_loaded_at"} for table, columns in tables.items()}
    assert all(_THRESHOLDS.freshness_of(table)[0] in columns[table.full_name] for table in _CONTRACT.tables)
    assert all(column in tables[name] for name, column in _THRESHOLDS.volume_columns.items())
    assert set(_THRESHOLDS.days_without_delivery) - {"default"} <= set(tables)
