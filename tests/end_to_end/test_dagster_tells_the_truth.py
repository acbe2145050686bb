"""What is launched in Dagster happens as selected, nothing else is reported, and no selection gets past a gate.

The tests build on one another, in the order of this file: one bank, one served Dagster, no run without need.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_pipelines.transformation.pending import what_is_pending
from needloop.release.publishing import current_release_id
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import run_lock
from tests.end_to_end.command_line import needloop
from tests.end_to_end.served_dagster import ServedDagster, ServedRun, serving

COURSE = "course_id,course_name,module,level,hours,updated_at\nK-NEW,合规复训,compliance,junior,1,2026-09-30\n"
BRANCH = "branch_id,branch_name,region,opened_on,updated_at\nB-NEW,新支行,华东,2026-01-01,2026-09-30\n"
DOUBLED = "insert into raw.policy__claims from raw.policy__claims limit 7"
AS_BEFORE = "delete from raw.policy__claims where rowid > (select max(rowid) - 7 from raw.policy__claims)"
BUILT_IN_PARTS = "an earlier run built only some of the models"


@pytest.fixture(scope="module")
def settings(published: Path, bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the published bank, on which these tests build one after the other."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(published, folder / "data", symlinks=True)
    shutil.copytree(bank, folder / "landing")
    return Settings(data=folder / "data", landing=folder / "landing")


@pytest.fixture(scope="module")
def dagster(settings: Settings) -> Iterator[ServedDagster]:
    with serving(settings) as served:
        yield served


def in_warehouse(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        return connection.execute(statement).fetchall()


def deliver(settings: Settings, table: str, rows: str) -> str:
    file = settings.landing_zone / table / "one_more.csv"
    file.write_text(rows, "utf-8")
    return f"{table}/one_more.csv"


def to_do(settings: Settings) -> str:
    with warehouse(settings) as connection:
        return what_is_pending(connection, settings, full_refresh=False).reason


def test_a_run_without_news_observes_the_release_and_makes_nothing(dagster: ServedDagster) -> None:
    nothing = dagster.run()
    assert (nothing.status, nothing.materialized, nothing.steps) == ("SUCCESS", {}, {"landing"})
    assert [event["observed"]["path"] for event in nothing.events if "observed" in event] == [["release"]]


def test_a_run_that_meets_the_lock_fails_and_makes_nothing(dagster: ServedDagster, settings: Settings) -> None:
    with run_lock(settings):
        refused = dagster.run(["marts/fct_need"])
    assert (refused.status, refused.materialized) == ("FAILURE", {})
    assert "Another run is using" in refused.errors


def test_checks_selected_alone_are_evaluated_and_nothing_is_made(dagster: ServedDagster, settings: Settings) -> None:
    asked = [("raw/policy__claims", "blocking_checks"), ("marts/fct_need", "unique_key_fct_need_need_id")]
    checked = dagster.run([], asked)
    assert (checked.status, checked.materialized) == ("SUCCESS", {}), checked.errors
    assert checked.checks == dict.fromkeys(asked, True)
    assert to_do(settings) == "nothing is new"


def test_a_selected_table_lands_alone(dagster: ServedDagster, settings: Settings) -> None:
    deliver(settings, "training/courses", COURSE)
    branches = deliver(settings, "org/branches", BRANCH)
    landed = dagster.run(["raw/org__branches"], [])
    assert landed.status == "SUCCESS", landed.errors
    assert set(landed.materialized) == {"raw/org__branches"}
    assert in_warehouse(settings, "select file from landing.loads where file like '%one_more.csv'") == [(branches,)]
    assert to_do(settings) == "new rows in org.branches"


@pytest.fixture(scope="module")
def failed(dagster: ServedDagster, settings: Settings) -> ServedRun:
    """A run at whose first gate seven doubled claims were found."""
    in_warehouse(settings, DOUBLED)
    return dagster.run()


def test_a_closed_gate_stops_the_run(failed: ServedRun, settings: Settings) -> None:
    assert failed.status == "FAILURE"
    assert set(failed.materialized) == {"raw/training__courses"}, "no other table got rows"
    assert failed.checks["raw/policy__claims", "blocking_checks"] is False
    assert failed.steps == {"landing", "raw_checks"}


def test_no_selection_publishes_past_a_closed_gate(
    dagster: ServedDagster, settings: Settings, failed: ServedRun
) -> None:
    release = current_release_id(settings)
    for assets in (["raw/policy__claims", "release"], ["release", "quarterly_report"]):
        selected = dagster.run(assets, [])
        assert selected.status == "FAILURE"
        assert "The gate `raw` " in selected.errors
        assert "(rows_reconcile of policy.claims). Nothing was published. Run `needloop run`" in selected.errors
        assert selected.materialized == {}
        assert selected.checks == {}
    assert current_release_id(settings) == release


def test_a_retry_from_failure_goes_on_where_the_run_failed_and_may_publish(
    dagster: ServedDagster, settings: Settings, failed: ServedRun
) -> None:
    release = current_release_id(settings)
    in_warehouse(settings, AS_BEFORE)
    retried = dagster.ended(dagster.launch_from_failure(failed.run_id))
    assert retried.status == "SUCCESS", retried.errors
    assert "landing" not in retried.steps
    assert "intermediate/int_courses" in retried.materialized
    assert "staging/stg_policy__claims" not in retried.materialized, "it is not downstream of new rows"
    assert "release" in retried.materialized
    assert current_release_id(settings) not in {None, release}

    once_more = dagster.ended(dagster.launch_step(retried.run_id, "release"))
    assert once_more.status == "SUCCESS", once_more.errors
    assert set(once_more.materialized) == {"release"}
    checked = needloop("status", "--check", "--data", settings.data)
    assert (checked.stdout + checked.stderr).startswith("ok: ")


def test_a_selected_model_is_built_and_the_next_run_builds_what_hangs_on_it(
    dagster: ServedDagster, settings: Settings
) -> None:
    before = in_warehouse(settings, "select count(*) from marts.fct_need")
    in_warehouse(settings, "delete from marts.fct_need")
    built = dagster.run(["marts/fct_need"])
    assert built.status == "SUCCESS", built.errors
    assert set(built.materialized) == {"marts/fct_need"}
    assert built.materialized["marts/fct_need"]["rebuilt"] is True
    assert {asset for asset, _ in built.checks} == {"marts/fct_need"}
    assert in_warehouse(settings, "select count(*) from marts.fct_need") == before
    assert to_do(settings) == BUILT_IN_PARTS


def test_everything_selected_without_its_checks_is_built_and_not_published(
    dagster: ServedDagster, settings: Settings
) -> None:
    release = current_release_id(settings)
    unchecked = dagster.run(dagster.assets(), [])
    assert unchecked.status == "FAILURE"
    assert "The gate `raw` " in unchecked.errors
    assert "marts/fct_need" in unchecked.materialized
    assert {"release", "quarterly_report"}.isdisjoint(unchecked.materialized)
    assert unchecked.checks == {}
    assert current_release_id(settings) == release


def test_a_cancelled_run_makes_nothing_more_and_the_next_builds_all(dagster: ServedDagster, settings: Settings) -> None:
    release = current_release_id(settings)
    run_id = dagster.launch(needloop__full_refresh="true")
    while "transformation" not in dagster.started_steps(run_id):
        time.sleep(0.5)
    time.sleep(2)
    dagster.stop(run_id)
    cancelled = dagster.ended(run_id)
    assert cancelled.status == "CANCELED"
    assert not [asset for asset in cancelled.materialized if not asset.startswith("raw/")]
    assert current_release_id(settings) == release
    assert to_do(settings) == BUILT_IN_PARTS
