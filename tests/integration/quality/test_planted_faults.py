"""Every rule of every raw table has a row planted that breaks it; the checks find just these rows and no others."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from dagster_pipelines.transformation.customer_keys import customer_key
from expectations.catalogue import delivery_checks, owners, written_checks
from expectations.checked_rows import may_be_checked
from expectations.checkpoint import run_checks
from expectations.gate import gate
from expectations.results import CheckResult
from expectations.suite_files import SUITES, raw_files
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from tests.integration.quality.bank import AS_OF, GOOD, Bank, good_bank

_NUMBERS = count(1)
_CONTRACT = load_contract()
_SECRET = b"a bank of the tests"


@dataclass
class Fault:
    """A row that breaks `check`, and `also` others that cannot but break with it."""

    table: str
    check: str
    row: dict[str, Any]
    also: tuple[str, ...] = ()
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.row = _another(self.table) | self.row
        key = _CONTRACT.table(self.table).key
        self.key = " / ".join(str(self.row[name]) for name in key if self.row[name] is not None)


def _another(table: str) -> dict[str, Any]:
    """The good row again under another key, and different where rows of the table must differ."""
    number = next(_NUMBERS)
    row = dict(GOOD[table])
    key = _CONTRACT.table(table).key[0]
    row[key] = f"fault-{number:04}"
    match table:
        case "crm.need_events":
            row["occurred_at"] = f"2026-09-29 09:{number // 60 % 60:02}:{number % 60:02}"
        case "policy.premiums":
            row["instalment_no"] = 1000 + number
        case "training.appraisals":
            row["period"] = f"{1000 + number}Q1"
    return row


# What has to differ beside the column for its check to fail alone: a second arm for the unit of the good row, the score
# of another event, or the customer of another row would be a fault of its own.
_BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("experiment.assignments", "variant"): {"unit_id": "C3"},
    ("crm.need_events", "event"): {"satisfaction_score": None},
    ("complaint.complaints", "customer_id"): {"policy_id": None},
    ("complaint.complaints", "product_id"): {"policy_id": None},
    ("crm.interactions", "customer_id"): {"need_id": None},
    ("crm.opportunities", "customer_id"): {"policy_id": None, "stage": "lost"},
    ("crm.opportunities", "stage"): {"policy_id": None},
    ("crm.needs", "customer_id"): {"complaint_id": None},
    ("crm.needs", "source"): {"complaint_id": None},
    ("crm.surveys", "customer_id"): {"need_id": None, "policy_id": None},
    ("training.attendance", "staff_id"): {"enrolment_id": None},
    ("training.assessments", "staff_id"): {"enrolment_id": None},
    ("policy.claims", "claimed_amount"): {"paid_amount": None},
}


def _of_the_contract() -> Iterator[Fault]:
    for table in _CONTRACT.tables:
        for column in table.columns:
            name, beside = column.name, _BESIDE.get((table.full_name, column.name), {})
            if column.required and may_be_checked(column):
                yield Fault(table.full_name, f"{name}_filled", {name: None, **beside})
            if column.values:
                yield Fault(table.full_name, f"{name}_in_domain", {name: "nonsense", **beside})
            if column.min is not None:
                yield Fault(table.full_name, f"{name}_in_domain", {name: column.min - 1, **beside})
            if column.max is not None and column.precision == 18:
                yield Fault(table.full_name, f"{name}_in_domain", {name: column.max + 1})
            if column.references:
                yield Fault(table.full_name, f"{name}_known", {name: "ghost", **beside})
    yield Fault("crm.surveys", "score_in_domain", {"instrument": "csat", "score": 6})
    yield Fault("crm.surveys", "score_in_domain", {"instrument": "nps", "score": 11})
    yield Fault("crm.surveys", "score_in_domain", {"instrument": "ces", "score": 0})


def _of_suites() -> Iterator[Fault]:
    for system, file in raw_files(SUITES).items():
        for table, checks in file.tables.items():
            for name, written in checks.items():
                if written.broken_by is not None:
                    yield Fault(f"{system}.{table}", name, written.broken_by)


def _of_business() -> Iterator[Fault]:
    future = "2027-01-01"
    customers, opportunities = "crm.customers", "crm.opportunities"
    yield Fault(customers, "customer_since_not_in_future", {"customer_since": future})
    yield Fault(customers, "risk_assessed_on_not_in_future", {"risk_assessed_on": future})
    yield Fault(
        customers, "birth_date_not_in_future", {"birth_date": "2027-03-03"},
        also=("customer_since_not_before_birth_date", "youngest_child_birth_date_not_before_birth_date"),
    )  # fmt: skip
    yield Fault(customers, "youngest_child_birth_date_not_in_future", {"youngest_child_birth_date": future})
    yield Fault(customers, "customer_since_not_before_birth_date", {"customer_since": "1979-12-31"})
    yield Fault(
        customers, "youngest_child_birth_date_not_before_birth_date", {"youngest_child_birth_date": "1979-12-31"}
    )
    yield Fault(customers, "children_count_fits_youngest_child", {"children_count": 0})
    yield Fault(customers, "risk_level_dated", {"risk_assessed_on": None})
    oneself = Fault(customers, "not_referred_by_self", {})
    oneself.row["referred_by"] = oneself.key
    yield oneself
    yield Fault("crm.interactions", "opened_at_not_in_future", {
        "opened_at": future, "first_response_at": None, "closed_at": None})  # fmt: skip
    yield Fault(
        "crm.interactions", "first_response_at_not_before_opened_at", {"first_response_at": "2026-09-29 08:59:59"}
    )
    yield Fault("crm.interactions", "closed_at_not_before_opened_at", {"closed_at": "2026-09-29 08:59:59"})
    steps = ("first_contact_at", "need_confirmed_at", "proposal_at")
    yield Fault(opportunities, "created_at_not_in_future", {
        "created_at": future, "stage": "open",
        **dict.fromkeys((*steps, "closed_at", "callback_at", "policy_id"))})  # fmt: skip
    for step in steps:
        yield Fault(opportunities, f"{step}_not_before_created_at", {step: "2026-09-25 08:59:59"})
    yield Fault(opportunities, "closed_at_not_before_created_at", {"closed_at": "2026-09-25 08:59:59"})
    yield Fault(opportunities, "callback_at_not_before_closed_at", {"callback_at": "2026-09-28 08:59:59"})
    yield Fault(opportunities, "closed_has_time", {"closed_at": None})
    yield Fault(opportunities, "open_is_not_closed", {"stage": "open", "policy_id": None})
    yield Fault("crm.needs", "raised_at_not_in_future", {"raised_at": future})
    yield Fault("crm.need_events", "occurred_at_not_in_future", {"occurred_at": "2026-10-02 00:00:00"})
    yield Fault("crm.need_events", "not_before_need_raised", {"occurred_at": "2026-09-28 08:59:59"})
    yield Fault("crm.need_events", "score_only_on_verified", {"event": "resolved"})
    yield Fault("crm.surveys", "responded_at_not_in_future", {"responded_at": future})
    policies, claims = "policy.policies", "policy.claims"
    yield Fault(policies, "issued_on_not_in_future", {
        "issued_on": "2026-10-02", "effective_on": "2026-10-02", "status_on": "2026-10-02"})  # fmt: skip
    yield Fault(policies, "issued_on_not_before_applied_on", {"applied_on": "2026-09-29"})
    yield Fault(policies, "effective_on_not_before_issued_on", {"effective_on": "2026-09-27"})
    yield Fault(policies, "status_on_not_before_issued_on", {"status_on": "2026-09-27"})
    yield Fault(policies, "product_on_sale", {"issued_on": "2019-12-31", "applied_on": "2019-12-30", "staff_id": None})
    yield Fault("policy.premiums", "paid_on_not_in_future", {"paid_on": "2026-10-02"})
    yield Fault("policy.premiums", "payment_whole", {"paid_amount": None})
    yield Fault("policy.premiums", "payment_whole", {"paid_on": None})
    yield Fault(claims, "reported_at_not_in_future", {"reported_at": future, "status": "reported", **dict.fromkeys(
        ("documents_completed_at", "first_update_at", "last_update_at", "decided_at", "paid_at"))})  # fmt: skip
    early = "2026-09-29 09:59:59"
    yield Fault(claims, "documents_completed_at_not_before_reported_at", {"documents_completed_at": early})
    yield Fault(claims, "first_update_at_not_before_reported_at", {"first_update_at": early})
    yield Fault(claims, "last_update_at_not_before_first_update_at", {"last_update_at": "2026-09-29 11:59:59"})
    yield Fault(claims, "decided_at_not_before_reported_at", {"decided_at": early})
    yield Fault(claims, "paid_at_not_before_decided_at", {"paid_at": "2026-09-29 13:59:59"})
    yield Fault(
        claims, "decided_has_time", {"status": "rejected", **dict.fromkeys(("decided_at", "paid_at", "paid_amount"))}
    )
    yield Fault(claims, "paid_has_time", {"paid_at": None})
    yield Fault(claims, "not_before_cover", {"reported_at": "2026-09-28 23:59:59"})
    complaints = "complaint.complaints"
    yield Fault(complaints, "received_at_not_in_future", {"received_at": future, "outcome": None, **dict.fromkeys(
        ("acknowledged_at", "resolved_at", "closed_at"))})  # fmt: skip
    for step, also in {
        "acknowledged_at": (),
        "resolved_at": (),
        "closed_at": ("closed_at_not_before_resolved_at",),
    }.items():
        yield Fault(complaints, f"{step}_not_before_received_at", {step: "2026-09-25 08:59:59"}, also=also)
    yield Fault(complaints, "outcome_has_time", {"resolved_at": None, "closed_at": None})
    yield Fault("training.staff", "hired_on_not_in_future", {"hired_on": future, "confirmed_on": None})
    yield Fault("training.staff", "confirmed_on_not_before_hired_on", {"confirmed_on": "2019-12-31"})
    yield Fault("training.staff", "left_on_not_before_hired_on", {"left_on": "2019-12-31"})
    own = Fault("training.staff", "not_own_supervisor", {})
    own.row["supervisor_id"] = own.key
    yield own
    yield Fault("training.enrolments", "started_on_not_in_future", {"started_on": future, "completed_on": None})
    yield Fault("training.attendance", "session_on_not_in_future", {"session_on": future})
    yield Fault("training.attendance", "hours_only_when_there", {"attended": False})
    yield Fault("training.assessments", "taken_on_not_in_future", {"taken_on": future})
    yield Fault("training.appraisals", "period_is_a_quarter", {"period": "2026-Q3"})
    yield Fault("experiment.experiments", "ended_on_not_before_started_on", {"ended_on": "2026-07-31"})
    assignments = "experiment.assignments"
    yield Fault(assignments, "assigned_at_not_in_future", {"assigned_at": future}, also=("while_experiment_runs",))
    yield Fault(assignments, "while_experiment_runs", {"assigned_at": "2026-09-16 00:00:00"})
    yield Fault(assignments, "unit_id_known", {"unit_id": "ghost"})


def _between_systems() -> Iterator[Fault]:
    """Rows that contradict the row of another table, or of another system, that they point to."""
    bank_tx, complaints, opportunities = "bank.transactions", "complaint.complaints", "crm.opportunities"
    premiums, attendance = "policy.premiums", "training.attendance"
    somebody_else = {"customer_id": "C2"}
    yield Fault(bank_tx, "not_before_customer_since", {"occurred_at": "2014-12-31 23:59:59"})
    yield Fault(complaints, "policy_of_customer", somebody_else)
    yield Fault(complaints, "product_of_policy", {"product_id": "R2"})
    yield Fault("crm.interactions", "need_of_customer", somebody_else)
    yield Fault(opportunities, "policy_of_customer", somebody_else)
    yield Fault("crm.needs", "complaint_of_customer", somebody_else)
    yield Fault("crm.surveys", "need_of_customer", {**somebody_else, "policy_id": None})
    yield Fault("crm.surveys", "policy_of_customer", {**somebody_else, "need_id": None})
    yield Fault("policy.policies", "seller_employed", {"staff_id": "S2"})  # left the day before
    yield Fault("policy.policies", "seller_employed", {"staff_id": "S3"})  # came the day after
    yield Fault(premiums, "not_due_before_cover", {"due_on": "2026-09-28"})
    yield Fault(premiums, "single_premium_once", {"policy_id": "L2"})  # paid at once; this is not its first instalment
    yield Fault(premiums, "due_at_most_annual_premium", {"due_amount": "18000.01"})
    yield Fault(attendance, "hours_of_course", {"hours_attended": "4.01"})
    yield Fault(attendance, "enrolment_of_staff", {"staff_id": "S2"})
    yield Fault("training.assessments", "enrolment_of_staff", {"staff_id": "S2"})
    one, other = (
        Fault("training.staff", "not_each_others_supervisor", {}),
        Fault("training.staff", "not_each_others_supervisor", {}),
    )
    one.row["supervisor_id"], other.row["supervisor_id"] = other.key, one.key
    yield from (one, other)


def _of_plausibility() -> Iterator[Fault]:
    customers, policies, claims = "crm.customers", "policy.policies", "policy.claims"
    complaints, opportunities = "complaint.complaints", "crm.opportunities"
    yield Fault("bank.transactions", "amount_plausible", {"amount": "1000000000.01"})
    yield Fault("bank.transactions", "amount_plausible", {"amount": "-1000000000.01"})
    yield Fault(complaints, "compensation_plausible", {"compensation": "100000000.01"})
    yield Fault(complaints, "closed_is_resolved_or_withdrawn", {"resolved_at": None, "outcome": None})
    yield Fault(complaints, "closed_at_not_before_resolved_at", {"closed_at": "2026-09-26 08:59:59"})
    yield Fault(customers, "annual_income_plausible", {"annual_income": "100000000.01"})
    yield Fault(customers, "aum_plausible", {"aum": "10000000000.01"})
    yield Fault(customers, "children_count_plausible", {"children_count": 16})
    yield Fault(customers, "born_after_1900", {"birth_date": "1899-12-31"})
    yield Fault(opportunities, "won_has_policy", {"policy_id": None})
    yield Fault(opportunities, "policy_only_when_won", {"stage": "lost"})
    yield Fault(opportunities, "expected_premium_plausible", {"expected_premium": "-0.01"})
    yield Fault("crm.needs", "complaint_only_from_complaints", {"source": "survey"})
    yield Fault(policies, "annual_premium_plausible", {"annual_premium": "100000000.01"})
    yield Fault(policies, "premium_not_zero", {"annual_premium": 0})
    yield Fault(policies, "sum_assured_plausible", {"sum_assured": "10000000000.01"})
    yield Fault(policies, "payment_term_years_plausible", {"payment_term_years": 101})
    yield Fault(policies, "coverage_term_years_plausible", {"coverage_term_years": 107})
    yield Fault("policy.premiums", "paid_has_due", {"due_amount": 0})
    yield Fault("policy.premiums", "paid_at_most_due", {"paid_amount": "18000.01"})
    yield Fault("policy.premiums", "paid_at_most_due", {"paid_amount": "-0.01"})
    yield Fault(claims, "paid_at_most_claimed", {"paid_amount": "100.01"})
    yield Fault(claims, "rejected_is_not_paid", {"status": "rejected"})
    yield Fault(claims, "claimed_amount_plausible", {"claimed_amount": "1000000000.01"})
    yield Fault(claims, "updates_sent_plausible", {"updates_sent": 201})
    yield Fault("training.attendance", "hours_attended_plausible", {"hours_attended": "24.01", "course_id": "K2"})
    yield Fault("training.appraisals", "period_not_in_future", {"period": "2026Q4"})


def _several_rows(check: str, table: str, *rows: dict[str, Any]) -> list[Fault]:
    return [Fault(table, check, row) for row in rows]


def _pairs() -> list[Fault]:
    """Rules that it takes two rows to break."""
    one_moment = {"occurred_at": "2026-09-29 12:00"}
    return [
        *_several_rows("need_id_event_occurred_at_once", "crm.need_events", one_moment, one_moment),
        *_several_rows("policy_id_instalment_no_once", "policy.premiums", {"instalment_no": 77}, {"instalment_no": 77}),
        *_several_rows("staff_id_period_once", "training.appraisals", {"period": "2025Q4"}, {"period": "2025Q4"}),
        *_several_rows(
            "unit_in_one_arm", "experiment.assignments", {"unit_id": "C2"}, {"unit_id": "C2", "variant": "treatment"}
        ),
    ]


_FAULTS = [*_of_the_contract(), *_of_suites(), *_of_business(), *_between_systems(), *_of_plausibility(), *_pairs()]


def _expected() -> dict[tuple[str, str], set[str]]:
    keys = defaultdict(set)
    for fault in _FAULTS:
        for check in (fault.check, *fault.also):
            keys[fault.table, check].add(fault.key)
    for table in GOOD:  # planted below: every good row is there twice
        keys[table, "key_unique"] = {_key_of_good(table)}
    once = {
        "crm.need_events": "need_id_event_occurred_at_once",
        "policy.premiums": "policy_id_instalment_no_once",
        "training.appraisals": "staff_id_period_once",
    }
    for table, check in once.items():
        keys[table, check].add(_key_of_good(table))
    return keys


def _key_of_good(table: str) -> str:
    return " / ".join(str(GOOD[table][name]) for name in _CONTRACT.table(table).key)


def _twice(bank: Bank) -> None:
    """A row that is there twice, line and all, as a load that was not one transaction would leave it after a crash."""
    for table in _CONTRACT.tables:
        raw = f"raw.{table.raw_name}"
        bank.connection.execute(f"insert into {raw} from {raw} where _load_id <= {len(GOOD)}")
        bank.connection.execute(
            "update landing.loads set loaded = 2, rows_in_file = 2 where table_name = ? and load_id <= ?",
            [table.full_name, len(GOOD)],
        )


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    bank = good_bank(tmp_path_factory.mktemp("bank") / "data")
    with bank:
        for table in _CONTRACT.tables:
            for column in table.columns:
                if column.required:
                    bank.connection.execute(f"alter table raw.{table.raw_name} alter {column.name} drop not null")
        _twice(bank)
        bank.load("crm.customers", GOOD["crm.customers"] | {"customer_id": "C2"})
        bank.load("crm.customers", GOOD["crm.customers"] | {"customer_id": "C3"})
        bank.load("training.staff", GOOD["training.staff"] | {"staff_id": "S2", "left_on": "2026-09-25"})
        bank.load(
            "training.staff",
            GOOD["training.staff"] | {"staff_id": "S3", "hired_on": "2026-09-27", "confirmed_on": None},
        )
        bank.load("training.courses", GOOD["training.courses"] | {"course_id": "K2", "hours": 30})
        bank.load("policy.products", GOOD["policy.products"] | {"product_id": "R2"})
        bank.load("policy.policies", GOOD["policy.policies"] | {"policy_id": "L2", "payment_mode": "single"})
        for name in GOOD:
            bank.load(name, *(fault.row for fault in _FAULTS if fault.table == name))
        numbers = {"C1", "C2", "C3"} | {f.key for f in _FAULTS if f.table == "crm.customers" and f.key}
        bank.connection.executemany(
            "insert into pipeline.customer_keys values (?, ?)",
            [(number, customer_key(_SECRET, number)) for number in numbers],
        )
    return bank


@pytest.fixture(scope="module")
def results(bank: Bank) -> dict[tuple[str, str], CheckResult]:
    found = run_checks(bank.settings, stage="raw", run_id="run 1", as_of=AS_OF)
    return {(result.table_name, result.check_name): result for result in found}


def test_each_planted_fault_fails_its_own_check_and_no_other(results: dict[tuple[str, str], CheckResult]) -> None:
    assert {name for name, result in results.items() if not result.passed} == set(_expected())


def test_the_failing_rows_are_counted_and_named_by_their_keys(results: dict[tuple[str, str], CheckResult]) -> None:
    for name, keys in _expected().items():
        rows = sum(2 if key == _key_of_good(name[0]) else 1 for key in keys)
        assert results[name].failed_rows == rows, name
        assert set(results[name].sample_keys) == _as_said(name[0], keys), name


def _as_said(table: str, keys: set[str]) -> set[str]:
    """A customer without a number has no key either."""
    if table != "crm.customers":
        return keys
    return {"…" if key in {"", "None"} else customer_key(_SECRET, key) for key in keys}


def test_all_failing_keys_are_in_a_table_and_in_files(bank: Bank, results: dict[tuple[str, str], CheckResult]) -> None:
    with bank:
        kept = bank.connection.execute(
            "select table_name, check_name, severity, owner, key from quality.failing_keys where stage = 'raw'"
        ).fetchall()
    found: dict[tuple[str, str], set[str]] = {}
    for table, check, severity, owner, key in kept:
        assert (severity, owner) == (results[table, check].severity, results[table, check].owner)
        found.setdefault((table, check), set()).add(key)
    assert found == {name: _as_said(name[0], keys) for name, keys in _expected().items()}
    written = set()
    for file in (bank.settings.quality / "failing_keys" / "raw").iterdir():
        with file.open(encoding="utf-8", newline="") as lines:
            written |= {tuple(line.values()) for line in csv.DictReader(lines)}
        assert file.name in {f"{table}.csv" for table, _ in found}
    assert written == {tuple(row) for row in kept}
    assert not any(key in str(kept) for key in ("'C1'", "'C2'", "'C3'"))


def test_every_row_that_counts_was_checked(results: dict[tuple[str, str], CheckResult]) -> None:
    planted = sum(fault.table == "crm.needs" for fault in _FAULTS)
    assert results["crm.needs", "key_unique"].checked_rows == 2 + planted


def test_every_check_of_the_raw_tables_is_planted() -> None:
    of_deliveries = {one.check.name for one in delivery_checks(load_thresholds())}
    by_hand = {
        (table.full_name, check.name)
        for table in _CONTRACT.tables
        for check in written_checks(_CONTRACT, table.full_name)
    }
    assert by_hand <= set(_expected())
    assert not of_deliveries & {check for _, check in _expected()}


def test_guards_block_and_business_checks_warn(results: dict[tuple[str, str], CheckResult]) -> None:
    for (_, check), result in results.items():
        guards = check.endswith(("_filled", "_in_domain")) or check in {"key_unique", "rows_reconcile"}
        assert result.severity == ("blocking" if guards else "warning"), check


def test_owner_is_the_team_of_the_system(results: dict[tuple[str, str], CheckResult]) -> None:
    for (table, _), result in results.items():
        assert result.owner == owners()[table.split(".")[0]]


def test_messages_say_how_many_of_how_many_and_which_column(results: dict[tuple[str, str], CheckResult]) -> None:
    result = results["training.staff", "left_on_not_before_hired_on"]
    rows = 4 + sum(fault.table == "training.staff" for fault in _FAULTS)
    assert result.message_en == f"1 of {rows} rows of training.staff fail (columns left_on, hired_on)."
    assert result.message_zh == f"员工（training.staff）：{rows} 行中有 1 行不符合（列 left_on, hired_on）。"


def test_the_gate_is_closed_and_says_what_where_how_many_and_what_to_do(
    results: dict[tuple[str, str], CheckResult],
) -> None:
    decision = gate(list(results.values()))
    assert not decision.open
    sentence = next(one for one in decision.sentences_en if "crm.needs: Required column source" in one)
    assert "1 of " in sentence
    assert "To do: " in sentence
    assert len(decision.sentences_zh) == len(decision.blocking) == len(decision.sentences_en)


def test_no_personal_data_in_results_or_data_docs(bank: Bank, results: dict[tuple[str, str], CheckResult]) -> None:
    pages = [file.read_text("utf-8") for file in bank.settings.quality.rglob("*") if file.is_file()]
    with bank:
        kept = str(bank.connection.execute("select * from quality.check_results").fetchall())
    for personal in ("张三丰", "李四维", "13912345678", "310101198001011234", "1980-01-01", "2027-03-03", "秘密话"):
        assert not any(personal in text for text in [*pages, kept, *map(str, results.values())]), personal


def test_data_docs_need_no_network_and_name_every_table(
    bank: Bank, results: dict[tuple[str, str], CheckResult]
) -> None:
    folder = bank.settings.quality / "data_docs" / "raw"
    index = (folder / "index.html").read_text("utf-8")
    assert all(table in index for table, _ in results)
    for page in folder.rglob("*.html"):
        assert "http://" not in page.read_text("utf-8")
        assert "https://" not in page.read_text("utf-8")


def test_results_are_kept_in_the_warehouse(bank: Bank, results: dict[tuple[str, str], CheckResult]) -> None:
    with bank:
        kept = bank.connection.execute(
            "select table_name, check_name, passed, failed_rows from quality.check_results where run_id = 'run 1'"
        ).fetchall()
    assert {(t, c, p, f) for t, c, p, f in kept} == {
        (*name, result.passed, result.failed_rows) for name, result in results.items()
    }
