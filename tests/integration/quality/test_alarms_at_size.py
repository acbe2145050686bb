"""What a large bank's columns do by nature is no alarm: small banks have too few rows a day for them to be judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.checkpoint import run_checks
from expectations.profiles import measure_profiles
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from tests.integration.quality.bank import AS_OF, GOOD, good_bank
from tests.integration.transformation.raw_bank import new_bank

LAST_DAY = date(2026, 9, 30)
_BOOKKEEPING = "'f.csv' as _file, n + 1 as _line, timestamp '2026-10-01' as _loaded_at, 'b' as _batch_id, 1 as _load_id"


@pytest.fixture
def bank(tmp_path: Path) -> Settings:
    return new_bank(tmp_path, LAST_DAY)


def unusual(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str, str]]:
    contract = load_contract()
    measure_profiles(connection, [contract.table(table)], contract, load_thresholds(), last_day=LAST_DAY)
    return connection.execute(
        "select column_name, measure, value_name from quality.profiles where is_unusual order by all"
    ).fetchall()


def test_a_wave_of_tests_at_the_end_of_courses_is_no_alarm(bank: Settings) -> None:
    with warehouse(bank) as connection:
        connection.execute(f"""
            insert into raw.training__assessments by name
            select 'A' || n as assessment_id, 'S' || (n % 12000) as staff_id, 'compliance' as module,
                case when n % 63 < 7 then 'post' else 'pre' end as kind, 40 + n % 50 as score,
                date '{LAST_DAY}' - cast(n % 63 as integer) as taken_on, {_BOOKKEEPING}
            from range(63 * 40) as tests(n)
        """)
        assert unusual(connection, "training.assessments") == []


@pytest.mark.parametrize(("persons_now", "alarms"), [(200, []), (1, [("staff_id", "distinct", "")])])
def test_a_quiet_week_is_no_alarm_but_an_id_for_all_is(
    bank: Settings, persons_now: int, alarms: list[tuple[str, str, str]]
) -> None:
    """In a busy week persons come to several sessions, in a quiet one each to one: more of the ids are distinct."""
    with warehouse(bank) as connection:
        connection.execute(f"""
            insert into raw.training__attendance by name
            select 'A' || n as attendance_id, 'K1' as course_id,
                'S' || case when n % 63 < 7 then n % {persons_now} else n % 97 end as staff_id,
                date '{LAST_DAY}' - cast(n % 63 as integer) as session_on, true as attended, {_BOOKKEEPING}
            from range(63 * 25) as sessions(n)
        """)
        found = unusual(connection, "training.attendance")
    assert [one for one in found if one[1] == "distinct"] == alarms


LOST = [("first_update_at", "nulls", ""), ("status", "mix", "reported"), ("status", "mix", "under_review")]


@pytest.mark.parametrize(("reported_of_ten", "alarms"), [(1, []), (10, LOST)])
def test_claims_that_moved_on_are_no_alarm_but_a_lost_column_is(
    bank: Settings, reported_of_ten: int, alarms: list[tuple[str, str, str]]
) -> None:
    """Four claims of ten are only reported, as a rule. The last day has fewer of them, as open claims still move.

    A day on which all are, without any notice, has lost its columns.
    """
    is_reported = f"n // 63 % 10 < case when n % 63 = 0 then {reported_of_ten} else 4 end"
    with warehouse(bank) as connection:
        connection.execute(f"""
            insert into raw.policy__claims by name
            select 'CL' || n as claim_id, 'P' || n as policy_id, timestamp '2026-01-01' as reported_at,
                case when not ({is_reported}) then timestamp '2026-01-05' end as first_update_at,
                case when {is_reported} then 'reported' else 'under_review' end as status,
                timestamp '{LAST_DAY} 10:00:00' - n % 63 * interval 1 day as updated_at, {_BOOKKEEPING}
            from range(63 * 200) as claims(n)
        """)
        assert unusual(connection, "policy.claims") == alarms


def test_the_largest_amounts_of_the_contract_can_be_checked(tmp_path: Path) -> None:
    """They are implausible, which is a warning; no check breaks on them."""
    bank, largest = good_bank(tmp_path / "data"), "9999999999999999.99"
    later = {"updated_at": "2026-09-29 16:00"}
    with bank:
        for table, amounts in {
            "policy.policies": ["annual_premium", "sum_assured"],
            "policy.premiums": ["due_amount", "paid_amount"],
            "policy.claims": ["claimed_amount", "paid_amount"],
        }.items():
            bank.load(table, GOOD[table] | dict.fromkeys(amounts, largest) | later)
    results = run_checks(
        bank.settings,
        stage="raw",
        run_id="run",
        as_of=AS_OF,
        tables=["policy.policies", "policy.premiums", "policy.claims"],
    )
    assert {(r.table_name, r.check_name) for r in results if not r.passed} == {
        ("policy.policies", "annual_premium_plausible"),
        ("policy.policies", "sum_assured_plausible"),
        ("policy.claims", "claimed_amount_plausible"),
    }
