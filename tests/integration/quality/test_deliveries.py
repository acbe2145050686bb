"""The checks of deliveries: bookkeeping, rejects, refused files, freshness, volume. Numbers are worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from expectations.checkpoint import run_checks
from expectations.results import CheckResult
from tests.integration.quality.bank import AS_OF, GOOD, Bank, good_bank

_TRANSACTIONS, _NEEDS, _BRANCHES = "bank.transactions", "crm.needs", "org.branches"


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return good_bank(tmp_path / "data")


def _failed(bank: Bank, table: str, as_of: date = AS_OF) -> dict[str, CheckResult]:
    results = run_checks(bank.settings, stage="raw", run_id="run", as_of=as_of, tables=[table])
    return {result.check_name: result for result in results if not result.passed}


def test_a_raw_row_without_a_load_does_not_reconcile(bank: Bank) -> None:
    with bank:
        bank.connection.execute("insert into raw.org__branches from raw.org__branches")
        bank.connection.execute("update raw.org__branches set _load_id = 999, branch_id = 'B2' where rowid = 1")
    failed = _failed(bank, _BRANCHES)
    assert set(failed) == {"rows_reconcile"}
    assert (failed["rows_reconcile"].severity, failed["rows_reconcile"].failed_rows) == ("blocking", 1)


def test_a_load_whose_rejects_are_missing_does_not_reconcile(bank: Bank) -> None:
    with bank:
        bank.load(_BRANCHES, rows_in_file=3, loaded=0, rejected=3)
    assert _failed(bank, _BRANCHES)["rows_reconcile"].failed_rows == 3


def test_a_file_with_more_rows_than_accounted_for_does_not_reconcile(bank: Bank) -> None:
    with bank:
        bank.load(_BRANCHES, rows_in_file=5, loaded=0, ignored=3)
    assert _failed(bank, _BRANCHES)["rows_reconcile"].failed_rows == 2


@pytest.mark.parametrize(("rows", "rejected", "too_many"), [(200, 3, True), (200, 2, False), (99, 9, False)])
def test_the_reject_rate_of_the_last_delivery_is_judged_when_it_is_large_enough(
    bank: Bank, rows: int, rejected: int, too_many: bool
) -> None:
    with bank:
        bank.load(_BRANCHES, rows_in_file=rows, loaded=0, ignored=rows - rejected, rejected=rejected)
        bank.connection.execute(
            "insert into landing.rejects "
            "select max(load_id), 'f', range, 'org.branches', null, 'bad_date', 'm', null, null "
            f"from landing.loads, range({rejected}) group by range"
        )
    failed = _failed(bank, _BRANCHES)
    assert set(failed) == ({"reject_rate"} if too_many else set())
    if too_many:
        assert (failed["reject_rate"].severity, failed["reject_rate"].failed_rows) == ("warning", rejected)
        assert failed["reject_rate"].message_en == "3 of the 200 rows of the last delivery were rejected."


def test_a_refused_file_warns_until_it_is_taken(bank: Bank) -> None:
    refused = {"file": "org/branches/x.csv", "status": "refused", "reason": "missing_column"}
    with bank:
        bank.load(_BRANCHES, **refused)
        bank.load(_BRANCHES, **refused)
    failed = _failed(bank, _BRANCHES)
    assert {name: (r.severity, r.failed_rows, r.checked_rows) for name, r in failed.items()} == {
        "no_refused_files": ("warning", 1, 2)
    }
    with bank:
        bank.load(_BRANCHES, file="org/branches/x.csv")
    assert _failed(bank, _BRANCHES) == {}


@pytest.mark.parametrize(("as_of", "late"), [(date(2026, 10, 5), False), (date(2026, 10, 6), True)])
def test_needs_may_be_seven_days_behind(bank: Bank, as_of: date, late: bool) -> None:  # raised on 2026-09-28
    failed = _failed(bank, _NEEDS, as_of)
    assert set(failed) == ({"fresh"} if late else set())
    if late:
        assert failed["fresh"].message_en == "Latest data: 2026-09-28, 8 days behind, 7 allowed; 1 rows now."


def test_a_table_that_was_never_delivered_is_late(bank: Bank) -> None:
    with bank:
        bank.connection.execute("delete from raw.crm__needs")
        bank.connection.execute("delete from landing.loads where table_name = 'crm.needs'")
    assert set(_failed(bank, _NEEDS)) == {"fresh"}


def test_a_table_without_a_new_file_for_long_warns(bank: Bank) -> None:
    with bank:
        bank.connection.execute("update landing.loads set loaded_at = '2026-09-20' where table_name = 'crm.needs'")
    failed = _failed(bank, _NEEDS)  # the run is on 2026-10-01, 11 days later
    assert set(failed) == {"delivered_lately"}
    assert "11 days, 10 allowed" in failed["delivered_lately"].message_en


def _transactions(bank: Bank, last: date, rows_by_age: dict[int, int]) -> None:
    """Rows on the days before `last` by their age in days."""
    with bank:
        bank.connection.execute("delete from raw.bank__transactions")
        bank.connection.execute("delete from landing.loads where table_name = 'bank.transactions'")
        bank.load(_TRANSACTIONS, rows_in_file=sum(rows_by_age.values()), loaded=sum(rows_by_age.values()))
        template = ", ".join(f"'{value}' as {name}" for name, value in GOOD[_TRANSACTIONS].items())
        for age, rows in rows_by_age.items():
            bank.connection.execute(
                "insert into raw.bank__transactions by name "
                f"select * exclude (range) replace ('{age}-' || range as transaction_id, "
                f"'{last - timedelta(days=age)} 10:00' as occurred_at), 'f' as _file, range as _line, "
                f"?::timestamp as _loaded_at, 'b' as _batch_id, (select max(load_id) from landing.loads) as _load_id "
                f"from (select {template}), range({rows})",
                [datetime(2026, 10, 1, 6)],
            )


# 2026-08-31 is a Monday; no public holiday lies in the ten weeks before. Usual: 100 a day, MAD 0, so the spread is
# sqrt(100) = 10 for a day (alarm beyond 60) and sqrt(700) = 26.5 for a week (alarm beyond 158).
_LAST = date(2026, 8, 31)
_USUAL = dict.fromkeys(range(63), 100)
# In a large bank six spreads are few rows (424 of 5 000): ordinary days differ by more, so it takes 15 % (750 rows).
_LARGE = dict.fromkeys(range(63), 5_000)


@pytest.mark.parametrize(
    ("rows", "alarms"),
    [
        (_USUAL, set()),
        (_USUAL | {0: 45}, set()),
        (_USUAL | {0: 39}, {"volume_of_day"}),
        (_USUAL | {0: 161}, {"volume_of_day"}),
        (_USUAL | dict.fromkeys(range(7), 70), {"volume_of_week"}),
        ({age: rows for age, rows in (_USUAL | {0: 0}).items() if rows}, {"volume_of_day"}),
        (_LARGE | {0: 4_500}, set()),
        (_LARGE | {0: 4_200}, {"volume_of_day"}),
        (dict.fromkeys(range(1, 63), 6), set()),  # 6 a day are too few to judge a day; the week lacks 6 of 42
        ({age: 100 if age else 1 for age in range(50)}, set()),  # a history of seven weeks is too short
    ],
    ids=["usual", "less", "drop", "jump", "week", "nothing", "large", "large drop", "small", "short"],
)
def test_volume_of_the_latest_day_and_week(bank: Bank, rows: dict[int, int], alarms: set[str]) -> None:
    _transactions(bank, _LAST, rows)
    failed = _failed(bank, _TRANSACTIONS, _LAST)
    assert {name for name in failed if name.startswith("volume")} == alarms
    assert all(failed[name].severity == "warning" for name in alarms)


def test_a_public_holiday_is_not_judged(bank: Bank) -> None:
    mid_autumn = date(2026, 9, 25)
    _transactions(bank, mid_autumn, _USUAL | {0: 5})
    assert not any(name.startswith("volume") for name in _failed(bank, _TRANSACTIONS, mid_autumn))


def test_the_rush_after_a_public_holiday_is_not_judged(bank: Bank) -> None:
    after_mid_autumn = date(2026, 9, 30)
    _transactions(bank, after_mid_autumn, _USUAL | {0: 200})
    assert "volume_of_day" not in _failed(bank, _TRANSACTIONS, after_mid_autumn)


@pytest.mark.parametrize(("rows", "alarms"), [(10_900, set()), (11_100, {"volume_of_day"})])
def test_chance_alone_does_not_alarm_a_large_bank(bank: Bank, rows: int, alarms: set[str]) -> None:
    """10 000 a day without spread: six times its root would be six per cent."""
    usual = dict.fromkeys(range(63), 100) | {7 * week: 10_000 for week in range(9)}
    _transactions(bank, _LAST, usual | {0: rows})
    assert {name for name in _failed(bank, _TRANSACTIONS, _LAST) if name == "volume_of_day"} == alarms


def test_one_line_a_table_is_kept_for_the_mart_of_loads(bank: Bank) -> None:
    with bank:
        bank.load(_BRANCHES, rows_in_file=4, loaded=0, ignored=4)
    _failed(bank, _BRANCHES)
    with bank:
        lines = bank.connection.execute(
            "select files_taken, files_refused, rows_in_files, loaded, ignored, rejected, latest_data_on "
            "from quality.deliveries where table_name = 'org.branches'"
        ).fetchall()
        tables = bank.connection.execute("select count(*) from quality.deliveries").fetchall()
    assert lines == [(2, 0, 5, 1, 4, 0, date(2020, 1, 1))]
    assert tables == [(len(GOOD),)]
