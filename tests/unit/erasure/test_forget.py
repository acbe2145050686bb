"""A forgotten customer is gone from everywhere, others are not; the counts still add up; later rows stay out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_pipelines.erasure.erasure_key import known_erasure_key
from dagster_pipelines.erasure.errors import ErasureError
from dagster_pipelines.erasure.forget import Erasure, forget_customer, past_erasures
from dagster_pipelines.landing import file_load, merging
from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import FileOutcome, LoadSummary
from dagster_pipelines.transformation.customer_keys import customer_key, secret_of, write_customer_keys
from dagster_pipelines.transformation.pending import what_is_pending
from expectations.failing_keys import write_failing_keys
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.builds import Build, record_build
from needloop.warehouse.connection import warehouse
from needloop.warehouse.rewriting import NotRewrittenError, rewrite_warehouse
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import bring_up_to_date
from tests.personal_values import PersonalValues

GONE, STAYS = "C-GONE-1", "C-STAYS-2"
MARKS = ("C-GONE-1", "欧阳忘我", "16600009999", "990101199001019999", "L-GONE", "N-GONE", "请勿保留这句话")
"""Everything by which the one to be forgotten could be known, as numbers, a name and a text."""
POLICY_HEADER = (
    "policy_id,customer_id,product_id,issued_on,effective_on,payment_mode,annual_premium,status,status_on,updated_at"
)
NEED_HEADER = (
    "need_id,customer_id,source,category,owner_department,urgency,impact,business_value,raised_at,description,"
    "updated_at"
)
DELIVERED = {
    "crm/customers/a.csv": f"""customer_id,full_name,mobile,id_number,customer_since,referred_by,updated_at
{GONE},欧阳忘我,16600009999,990101199001019999,2020-01-01,,2026-01-01
{GONE},欧阳忘我,16600009999,990101199001019999,2020-01-01,,2026-02-01
{STAYS},王留下,16611112222,990202199002022222,2020-01-01,{GONE},2026-01-01
,欧阳忘我,16600009999,,2020-01-01,,2026-01-01
,王留下,16611112222,,2020-01-01,,2026-01-01
""",
    "policy/policies/a.csv": f"""{POLICY_HEADER}
L-GONE,{GONE},P1,2026-01-01,2026-01-02,annual,100,in_force,2026-01-02,2026-01-02
L-STAYS,{STAYS},P1,2026-01-01,2026-01-02,annual,100,in_force,2026-01-02,2026-01-02
L-SOLD,{GONE},P1,2026-01-01,2026-01-02,annual,100,in_force,2026-01-02,2026-01-02
L-SOLD,{STAYS},P1,2026-01-01,2026-01-02,annual,100,in_force,2026-01-02,2026-03-02
""",
    "policy/premiums/a.csv": """premium_id,policy_id,instalment_no,due_on,due_amount,updated_at
M1,L-GONE,1,2026-01-02,100,2026-01-02
M2,L-STAYS,1,2026-01-02,100,2026-01-02
M3,L-SOLD,1,2026-01-02,100,2026-01-02
M4,L-GONE,x,2026-01-02,100,2026-01-02
M5,L-STAYS,x,2026-01-02,100,2026-01-02
""",
    "crm/needs/a.csv": f"""{NEED_HEADER}
N-GONE,{GONE},app,other,it,1,1,1,2026-01-01,请勿保留这句话,2026-01-01
N-STAYS,{STAYS},app,other,it,1,1,1,2026-01-01,留着,2026-01-01
""",
    "crm/need_events/a.csv": """event_id,need_id,event,occurred_at,note
E1,N-GONE,triaged,2026-01-02,请勿保留这句话
E2,N-STAYS,triaged,2026-01-02,留着
""",
    "crm/surveys/a.csv": f"""response_id,customer_id,instrument,score,policy_id,responded_at
S1,{STAYS},csat,5,L-GONE,2026-01-03
""",
    "experiment/experiments/a.csv": """experiment_id,name,unit,primary_metric,started_on,updated_at
X1,试验,customer,csat,2026-01-01,2026-01-01
X2,试验,staff,csat,2026-01-01,2026-01-01
""",
    "experiment/assignments/a.csv": f"""assignment_id,experiment_id,unit_id,variant,assigned_at
A1,X1,{GONE},control,2026-01-01
A2,X1,{STAYS},control,2026-01-01
A3,X2,{GONE},control,2026-01-01
""",
}  # fmt: skip


KEYS_OF_GONE = ("{gone}", "N-GONE", "N-GONE / app", "2026-01-01 / {gone}", "A1")
"""As the checks write them: a customer by the key of releases, the columns of a key between slashes."""
KEYS_OF_STAYS = ("{stays}", "N-STAYS", "N-STAYS / app", "2026-01-01 / {stays}", "A2")


def samples(settings: Settings, keys: Sequence[str] = (*KEYS_OF_GONE, *KEYS_OF_STAYS)) -> list[str]:
    """The keys of failing rows, with the customers' keys of this warehouse."""
    secret = secret_of(settings)
    return [key.format(gone=customer_key(secret, GONE), stays=customer_key(secret, STAYS)) for key in keys]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse with two customers, their contracts and needs, refused rows of both, and what was built from them."""
    made = Settings(data=tmp_path, memory_limit="500MB", threads=1)
    load(made, DELIVERED)
    with warehouse(made) as connection:
        write_customer_keys(connection, secret_of(made))
        create_quality_tables(connection)
        connection.execute(
            "insert into quality.check_results select 'r', 'raw', 'crm.customers', 'crm', 'c', 'warning', 'o', false, "
            "2, 3, '', '', '', '', '', '', ?, now()",
            [samples(made)],
        )
        connection.execute(
            "insert into quality.failing_keys select 'raw', 'crm.customers', 'c', 'warning', 'o', unnest(?)",
            [samples(made)],
        )
        write_failing_keys(connection, made.quality, "raw")
        connection.execute(
            "create schema intermediate; create table intermediate.int_customers as from raw.crm__customers; "
            "create schema marts; create table marts.profile as select customer_key from pipeline.customer_keys; "
            "create schema closing_2025q4; create table closing_2025q4.profile as from marts.profile; "
            'create schema staging; create view staging.stg as from "needloop"."raw"."crm__customers"'
        )
    return made


def load(settings: Settings, files: dict[str, str]) -> LoadSummary:
    for name, content in files.items():
        path = settings.landing_zone / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        return load_landing_zone(
            connection, settings.landing_zone, batch_id="b", time_zone="Asia/Shanghai",
            loaded_at=datetime(2026, 3, 1), scratch=settings.scratch, max_record_bytes=2**20,
            erasure_key=known_erasure_key(settings),
        )  # fmt: skip


def forget(settings: Settings, customer_id: str = GONE, *, yes: bool = True) -> Erasure | None:
    return forget_customer(settings, customer_id, erased_by="a test", confirmed=lambda _: yes)


def rows(settings: Settings, select: str) -> list[tuple[Any, ...]]:
    with warehouse(settings) as connection:
        return connection.execute(select).fetchall()


def everything(settings: Settings) -> str:
    """Every value of every table, as text."""
    with warehouse(settings) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        return str([connection.execute(f'from {schema}."{table}"').fetchall() for schema, table in tables])


def reconciliation(settings: Settings) -> list[tuple[Any, ...]]:
    """Loads whose numbers are not those of raw and rejects."""
    kept = " union all ".join(f"select _load_id from raw.{table.raw_name}" for table in load_contract().tables)
    return rows(
        settings,
        f"""
        select file from landing.loads
        where rows_in_file <> loaded + ignored + rejected
            or loaded <> (select count(*) from ({kept}) where _load_id = load_id)
            or rejected <> (select count(*) from landing.rejects where rejects.load_id = loads.load_id)
        """,
    )


def test_nothing_of_the_person_is_left_and_everything_of_others_is(settings: Settings) -> None:
    before = everything(settings)
    key = customer_key(secret_of(settings), GONE)
    assert all(mark in before for mark in (*MARKS, key))
    erasure = forget(settings)
    assert erasure is not None
    after = everything(settings)
    # An experiment on staff has units of staff: that one is numbered like the customer is chance.
    assert after.count(GONE) == 1
    assert [mark for mark in (*MARKS[1:], key) if mark in after] == []
    assert rows(settings, "select assignment_id from raw.experiment__assignments order by 1") == [("A2",), ("A3",)]
    assert rows(settings, "select policy_id, customer_id from raw.policy__policies order by 1") == [
        ("L-SOLD", STAYS),
        ("L-STAYS", STAYS),
    ]
    assert rows(settings, "select premium_id from raw.policy__premiums order by 1") == [("M2",), ("M3",)]
    assert rows(settings, "select event_id from raw.crm__need_events") == [("E2",)]
    assert rows(settings, "select response_id, policy_id from raw.crm__surveys") == [("S1", None)]
    assert rows(settings, "select full_name, referred_by from raw.crm__customers") == [("王留下", None)]
    kept = samples(settings, KEYS_OF_STAYS)
    assert rows(settings, "select sample_keys from quality.check_results") == [(kept,)]
    assert rows(settings, 'select list("key" order by rowid) from quality.failing_keys') == [(kept,)]
    assert sorted(line for (line,) in rows(settings, "select record from landing.rejects")) == [
        ",王留下,16611112222,,2020-01-01,,2026-01-01",
        "M5,L-STAYS,x,2026-01-02,100,2026-01-02",
    ]


def test_the_bytes_are_gone_from_the_disk_and_the_warehouse_goes_on(settings: Settings) -> None:
    last_load = rows(settings, "select max(load_id) from landing.loads")[0][0]
    assert b"16600009999" in settings.warehouse_file.read_bytes()
    forget(settings)
    held = b"".join(file.read_bytes() for file in settings.warehouse_file.parent.iterdir())
    assert b"16600009999" not in held
    assert "请勿保留这句话".encode() not in held
    assert rows(settings, "select customer_id from staging.stg") == [(STAYS,)]
    assert rows(settings, "select nextval('landing.load_ids')")[0][0] == int(str(last_load)) + 1


def test_the_lists_of_failing_keys_are_written_anew(settings: Settings) -> None:
    listed = settings.quality / "failing_keys" / "raw" / "crm.customers.csv"
    assert all(key in listed.read_text("utf-8") for key in samples(settings))
    forget(settings)
    keys = [line.rpartition(",")[2] for line in listed.read_text("utf-8").splitlines()[1:]]
    assert sorted(keys) == sorted(samples(settings, KEYS_OF_STAYS))


def test_lists_that_cannot_be_written_anew_are_said_to_be_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dagster_pipelines.erasure.forget.write_failing_keys", full)
    with pytest.raises(NotRewrittenError, match="may still name the customer's"):
        forget(settings)
    monkeypatch.undo()
    forget(settings)
    assert "N-GONE" not in (settings.quality / "failing_keys" / "raw" / "crm.customers.csv").read_text("utf-8")


def test_the_counts_still_add_up_and_say_what_was_erased(settings: Settings) -> None:
    assert reconciliation(settings) == []
    forget(settings)
    assert reconciliation(settings) == []
    assert rows(settings, "select file, erased from landing.loads where erased > 0 order by file") == [
        ("crm/customers/a.csv", 3),
        ("crm/need_events/a.csv", 1),
        ("crm/needs/a.csv", 1),
        ("experiment/assignments/a.csv", 1),
        ("policy/policies/a.csv", 2),
        ("policy/premiums/a.csv", 2),
    ]


def test_it_is_recorded_who_erased_when_and_how_much_but_not_whom(settings: Settings) -> None:
    erasure = forget(settings)
    assert erasure is not None
    with warehouse(settings) as connection:
        (past,) = past_erasures(connection)
    assert (past.erased_by, past.rows, past.cleared) == ("a test", erasure.rows, 2)
    assert abs((datetime.now(UTC).replace(tzinfo=None) - past.erased_at).days) <= 1
    assert past.customer_hash not in {GONE, customer_key(secret_of(settings), GONE)}
    assert "landing.rejects" in past.places


def test_the_next_run_builds_everything(settings: Settings) -> None:
    with warehouse(settings) as connection:
        load_id = connection.execute("select max(load_id) from landing.loads").fetchall()[0][0]
        record_build(connection, Build("r", "run", "f", None, datetime(2026, 3, 1).date(), load_id, 0))
    forget(settings)
    with warehouse(settings) as connection:
        assert what_is_pending(connection, settings, full_refresh=False).everything
        (build,) = connection.execute("select erasures from pipeline.builds").fetchall()
    assert build == (0,)


@pytest.mark.parametrize("fast_path_from", [0, 2**40])
def test_rows_that_come_again_are_ignored_counted_and_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, fast_path_from: int
) -> None:
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", fast_path_from)
    forget(settings)
    again = {name.replace("a.csv", "b.csv"): text + "\n" for name, text in DELIVERED.items()}
    summary = load(settings, again)
    outcomes: dict[str, FileOutcome] = {outcome.file: outcome for outcome in summary.outcomes}
    assert outcomes["crm/customers/b.csv"].erased == 2
    assert outcomes["crm/customers/b.csv"].loaded == 1
    # Of premiums of the contract that is gone, also the refused one.
    assert outcomes["policy/premiums/b.csv"].erased == 2
    assert outcomes["crm/need_events/b.csv"].erased == 1
    assert outcomes["crm/surveys/b.csv"].erased == 0
    assert all(o.rows == o.loaded + o.ignored + o.rejected for o in outcomes.values())
    assert reconciliation(settings) == []
    messages = [notice.message for notice in summary.notices]
    assert any(
        message.startswith("2 rows of crm/customers/b.csv belong to customers who were erased") for message in messages
    )
    assert not any(mark in message for mark in MARKS for message in messages)
    people = rows(settings, "select distinct customer_id, referred_by from raw.crm__customers")
    assert people == [(STAYS, None)]


def test_plain_files_of_others_still_take_the_fast_path(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", 0)
    forget(settings)
    taken: list[int] = []

    def noticed(*given: Any) -> int:
        taken.append(1)
        return merging.insert_rows(*given)

    monkeypatch.setattr(file_load, "insert_rows", noticed)
    header = "transaction_id,customer_id,account_type,initiated_by,occurred_at,amount,channel\n"
    load(settings, {"bank/transactions/a.csv": f"{header}T1,{STAYS},card,bank,2026-01-01 00:00:00,1.00,app\n"})
    assert len(taken) == 1
    load(settings, {"bank/transactions/b.csv": f"{header}T2,{GONE},card,bank,2026-01-01 00:00:00,1.00,app\n"})
    assert len(taken) == 1
    assert rows(settings, "select transaction_id from raw.bank__transactions") == [("T1",)]


@pytest.mark.parametrize("replacement", [None, "another key altogether"])
def test_without_the_key_nothing_is_loaded(settings: Settings, replacement: str | None) -> None:
    forget(settings)
    settings.erasure_key_file.unlink()
    if replacement:
        settings.erasure_key_file.write_text(replacement, "ascii")
    with pytest.raises(LandingError, match="Restore that file from the backup"):
        load(settings, {"crm/customers/c.csv": DELIVERED["crm/customers/a.csv"] + "\n"})


def test_an_unknown_customer_and_a_no_change_nothing(settings: Settings) -> None:
    before = everything(settings)
    with pytest.raises(ErasureError, match="no row of that customer"):
        forget(settings, "C-NOBODY")
    assert forget(settings, yes=False) is None
    assert everything(settings) == before


def test_forgetting_again_says_when_it_was_done(settings: Settings) -> None:
    forget(settings)
    again = forget(settings)
    assert again is not None
    assert again.tables == ()
    assert again.erased_before is not None


def test_a_run_at_work_is_not_disturbed(settings: Settings) -> None:
    script = f"""
from dagster_pipelines.erasure.forget import forget_customer
from needloop.settings import Settings
forget_customer(Settings(data={str(settings.data)!r}), {GONE!r}, erased_by="x", confirmed=lambda _: True)
"""
    with run_lock(settings):
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert AnotherRunError.__name__ in other.stderr
    assert f"'{GONE}'" in everything(settings)


def test_a_kill_in_the_middle_erases_nothing(settings: Settings) -> None:
    before = everything(settings)
    script = f"""
import os
from dagster_pipelines.erasure import forget
from needloop.settings import Settings
forget._record = lambda *_: os._exit(9)
settings = Settings(data={str(settings.data)!r}, memory_limit="500MB", threads=1)
forget.forget_customer(settings, {GONE!r}, erased_by="x", confirmed=lambda _: True)
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    assert everything(settings) == before
    assert forget(settings) is not None


def test_a_file_that_cannot_be_rewritten_is_said_to_be_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    before = everything(settings)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotRewrittenError, match=r"No space left on device\. Free up"):
        rewrite_warehouse(settings)
    assert everything(settings) == before
    assert [file.name for file in settings.warehouse_file.parent.iterdir()] == ["needloop.duckdb"]


def test_the_finder_of_personal_values_finds_the_person_before_and_not_after(
    settings: Settings, tmp_path: Path
) -> None:
    personal = PersonalValues.of(settings.warehouse_file)
    assert any(value == "欧阳忘我" for _, value in personal.within_database(settings.warehouse_file))
    forget(settings)
    left = {value for _, value in personal.within_database(settings.warehouse_file)}
    assert not left.intersection({"欧阳忘我", "16600009999", "990101199001019999"})
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as connection:
        connection.execute("create table t as select 1 as x")
    assert personal.within_database(tmp_path / "empty.duckdb") == set()
