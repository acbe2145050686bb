"""A bank without a fault passes; a check that cannot run fails; a failure is remembered from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.check import Check, TableSuite, Text
from expectations.checkpoint import run_checks
from expectations.gate import gate
from expectations.rules import Filled, NoRowWhere
from expectations.validation import validate
from needloop.settings import Settings
from tests.integration.quality.bank import AS_OF, GOOD, LOAD_DATE, Bank, good_bank


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return good_bank(tmp_path / "data")


def test_nothing_fails_in_a_bank_without_faults(bank: Bank) -> None:
    results = run_checks(bank.settings, stage="raw", run_id="run", as_of=AS_OF)
    assert [(r.table_name, r.check_name, r.message_en) for r in results if not r.passed] == []
    assert {r.table_name for r in results} == set(GOOD)
    assert gate(results).open
    assert all(r.failed_rows == 0 and r.sample_keys == () for r in results)


def test_old_versions_deleted_rows_and_events_taken_back_do_not_count(bank: Bank) -> None:
    need, event = GOOD["crm.needs"], GOOD["crm.need_events"]
    with bank:
        bank.load("crm.needs", need | {"branch_id": "ghost", "updated_at": "2026-09-27"})  # an older version comes late
        bank.load("crm.needs", need | {"need_id": "N2", "branch_id": "ghost"})
        bank.load(
            "crm.needs", need | {"need_id": "N2", "branch_id": "ghost", "deleted": True}
        )  # same time, loaded later
        bank.load(
            "crm.need_events", event | {"event_id": "V2", "need_id": "ghost"}, event | {"event_id": "V2", "void": True}
        )
    results = run_checks(bank.settings, stage="raw", run_id="run", as_of=AS_OF, tables=["crm.needs", "crm.need_events"])
    assert [(r.table_name, r.check_name) for r in results if not r.passed] == []
    assert {(r.table_name, r.checked_rows) for r in results if r.check_name == "key_unique"} == {
        ("crm.needs", 1),
        ("crm.need_events", 1),
    }


def test_a_failure_is_told_with_the_run_since_which_it_lasts(bank: Bank) -> None:
    def message(run_id: str) -> str:
        results = run_checks(bank.settings, stage="raw", run_id=run_id, as_of=AS_OF, tables=["org.branches"])
        return next(r.message_en for r in results if r.check_name == "opened_on_not_in_future")

    wrong = GOOD["org.branches"] | {"opened_on": "2030-01-01", "updated_at": "2026-09-01"}
    assert message("1") == "All 1 rows of org.branches pass."
    with bank:
        bank.load("org.branches", wrong)
    first = "1 of 1 rows of org.branches fail (column opened_on)."
    assert message("2") == first
    with bank:
        bank.connection.execute("update quality.check_results set checked_at = '2026-09-29' where run_id = '1'")
        bank.connection.execute("update quality.check_results set checked_at = '2026-09-30 08:00' where run_id = '2'")
    assert message("3") == f"{first} Failing since the run of 2026-09-30."
    with bank:
        bank.load("org.branches", wrong | {"opened_on": "2018-01-01", "updated_at": "2026-09-02"})
    assert message("4") == "All 1 rows of org.branches pass."
    with bank:
        bank.load("org.branches", wrong | {"updated_at": "2026-09-03"})
    assert message("5") == first


def test_a_run_that_is_tried_again_leaves_one_set_of_results(bank: Bank) -> None:
    for _ in range(2):
        results = run_checks(bank.settings, stage="raw", run_id="run", as_of=AS_OF, tables=["org.branches"])
    with bank:
        assert bank.connection.execute("select count(*) from quality.check_results").fetchall() == [(len(results),)]


def test_a_table_that_does_not_fit_the_contract_fails_its_checks_instead_of_the_run(bank: Bank) -> None:
    with bank:
        bank.connection.execute("alter table raw.org__branches drop column region")
    results = run_checks(bank.settings, stage="raw", run_id="run", as_of=AS_OF, tables=["org.branches", "crm.surveys"])
    branches = [r for r in results if r.table_name == "org.branches"]
    assert branches
    assert all(not r.passed and r.severity == "blocking" for r in branches)
    assert "region" in branches[0].message_en
    assert "run needloop run again" in branches[0].remedy_en
    assert all(r.passed for r in results if r.table_name == "crm.surveys")
    assert not gate(results).open


def test_a_check_that_cannot_be_carried_out_is_failed_with_the_reason(bank: Bank) -> None:
    def check(name: str, rule: Filled | NoRowWhere) -> Check:
        said = Text("中", "en")
        return Check(name=name, severity="warning", rule=rule, label=said, meaning=said, remedy=said)

    checks = (check("broken", NoRowWhere("no_such_column > 1", ())), check("good", Filled("branch_id")))
    suite = TableSuite("branches", "org", "team", Text("网点", "Branches"), ("branch_id",), "raw.org__branches", checks)
    with bank:
        verdicts = validate(bank.settings, [suite], load_date=LOAD_DATE, docs=bank.settings.data / "docs")
    assert verdicts["branches", "good"].passed
    broken = verdicts["branches", "broken"]
    assert not broken.passed
    assert "no_such_column" in str(broken.error)


def test_without_a_warehouse_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="needloop run"):
        run_checks(Settings(data=tmp_path), stage="raw", run_id="run", as_of=AS_OF)
