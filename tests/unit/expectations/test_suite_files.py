"""A mistake in a suite is reported with the file, the check and the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations.catalogue import delivery_checks, marts_suites, profile_checks, raw_suites
from expectations.profiles import measures_of
from expectations.suite_files import SUITES, SuiteError
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract

_CONTRACT, _THRESHOLDS = load_contract(), load_thresholds()


def _load_all(folder: Path) -> None:
    raw_suites(_CONTRACT, folder)
    marts_suites(_CONTRACT, _THRESHOLDS, ["metric_values"], folder)
    delivery_checks(_THRESHOLDS, folder)
    profile_checks(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SUITES, tmp_path / "suites"))


@pytest.mark.parametrize(
    ("file", "good", "bad", "said"),
    [
        ("org.yml", "not_in_future: opened_on", "not_in_futur: opened_on", "org.yml: tables.branches.opened_on"),
        ("org.yml", "future: opened_on", "future: opend_on", "opened_on_not_in_future: no column opend_on"),
        ("org.yml", "not_in_future: opened_on", "columns: [opened_on]", "a check has one rule of has_rows, filled"),
        ("org.yml", "  branches:", "  branch:", "org.yml: tables: the contract has no org.branch"),
        ("org.yml", "system: org", "system: bank", "org.yml: system: is bank, but the file is called org"),
        ("org.yml", "en: Opening date", "fr: Opening date", "opened_on_not_in_future.label.fr: "),
        ("org.yml", "remedy: correct_at_source", "remedy: nobody_knows", "there is no shared text nobody_knows"),
        ("org.yml", "remedy: correct_at_source", "", "opened_on_not_in_future.remedy: there is no text"),
        ("bank.yml", "contradicted: ", "columns: [amount] #", "agrees_with and contradicted come together"),
        ("bank.yml", "table: crm.customers", "table: crm.clients", "the source contract has no table crm.clients"),
        ("bank.yml", "amount_plausible:", "amount_not_zero:", "amount_not_zero stands twice"),
        ("bank.yml", "columns: [amount]", "columns: [amount", "bank.yml: is not YAML"),
        ("marts.yml", "thresholds.metric_jump.limit", "thresholds.jump", "no_jump_since_release: "),
        ("deliveries.yml", "failed: gap_days", "fails: gap_days", "deliveries.yml: checks.no_gap.fails: "),
        ("deliveries.yml", "{{ thresholds.volume.gap_days }} 天", "{{ thresholds.gap }} 天", "checks.no_gap.label: "),
        ("profiles.yml", "measures: [mix]", "measures: [mixture]", "checks.mix_usual: there is no measure mixture"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(folder: Path, file: str, good: str, bad: str, said: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert good in text
    (folder / file).write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(SuiteError) as raised:
        _load_all(folder)
    assert str(folder / file) in str(raised.value)
    assert said in str(raised.value)


def test_a_system_without_a_file_is_named(folder: Path) -> None:
    (folder / "org.yml").unlink()
    with pytest.raises(SuiteError, match=r"there is no file org\.yml"):
        _load_all(folder)


def test_a_file_of_no_system_is_named(folder: Path) -> None:
    (folder / "org.yml").rename(folder / "orgs.yml")
    with pytest.raises(SuiteError, match=r"orgs\.yml|org\.yml"):
        _load_all(folder)


def test_every_measure_has_a_check_and_every_check_a_measure() -> None:
    measured = set[str]().union(*(measures_of(table) for table in _CONTRACT.tables))
    assert sorted(measure for one in profile_checks() for measure in one.measures) == sorted(measured)


def test_a_new_check_touches_one_file(folder: Path) -> None:
    with (folder / "org.yml").open("a", encoding="utf-8") as file:
        file.write(
            "    named:\n      filled: branch_name\n      meaning: order\n      label: {zh: 有名称, en: Named}\n"
        )
    (branches,) = [suite for suite in raw_suites(_CONTRACT, folder) if suite.table_name == "org.branches"]
    named = branches.checks[-1]
    assert (named.name, named.severity, named.rule.columns) == ("named", "warning", ("branch_name",))
