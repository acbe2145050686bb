"""What is launched in Dagster happens as it was selected, nothing else is reported, and no gate can be passed by."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from needloop.release.publishing import current_release_id
from needloop.settings import Settings
from needloop.warehouse.run_lock import run_lock
from tests.end_to_end.command_line import needloop, run
from tests.end_to_end.served_dagster import ServedDagster, serving

COURSE = "course_id,course_name,module,level,hours,updated_at\nK-NEW,合规复训,compliance,junior,1,2026-09-30\n"
BRANCH = "branch_id,branch_name,region,opened_on,updated_at\nB-NEW,新支行,华东,2026-01-01,2026-09-30\n"
DOUBLED = "insert into raw.policy__claims from raw.policy__claims limit 7"
AS_BEFORE = "delete from raw.policy__claims where rowid > (select max(rowid) - 7 from raw.policy__claims)"


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


def status_check(settings: Settings) -> str:
    said = needloop("status", "--check", "--data", settings.data)
    return said.stdout + said.stderr


def test_a_selected_model_is_built_and_the_next_run_builds_what_hangs_on_it(
    dagster: ServedDagster, settings: Settings
) -> None:
    before = in_warehouse(settings, "select count(*) from marts.fct_need")
    in_warehouse(settings, "delete from marts.fct_need")
    built = dagster.run(["marts/fct_need"])
    assert built.status == "SUCCESS"
    assert set(built.materialized) == {"marts/fct_need"}
    assert built.materialized["marts/fct_need"]["rebuilt"] is True
    assert {asset for asset, _ in built.checks} == {"marts/fct_need"}
    assert in_warehouse(settings, "select count(*) from marts.fct_need") == before
    again = run(settings.landing_zone, settings.data)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Built everything (an earlier run built only some of the models)" in again.stdout


def test_a_run_without_news_observes_the_release_and_makes_nothing(dagster: ServedDagster) -> None:
    nothing = dagster.run()
    assert (nothing.status, nothing.materialized, nothing.steps) == ("SUCCESS", {}, {"landing"})
    assert [event["observed"]["path"] for event in nothing.events if "observed" in event] == [["release"]]


def test_no_selection_publishes_past_a_closed_gate(dagster: ServedDagster, settings: Settings) -> None:
    release = current_release_id(settings)
    in_warehouse(settings, DOUBLED)
    closed = run(settings.landing_zone, settings.data, "--full-refresh")
    assert closed.returncode == 2, closed.stdout + closed.stderr
    without_checks = dagster.run(dagster.assets(), [], needloop__full_refresh="true")
    assert without_checks.status == "FAILURE"
    assert "The gate `raw` " in without_checks.errors
    assert "(rows_reconcile of policy.claims). Nothing was published. Run `needloop run`" in without_checks.errors
    assert {"release", "quarterly_report"}.isdisjoint(without_checks.materialized)
    assert without_checks.checks == {}
    only_copied = dagster.run(["raw/policy__claims", "release"])
    assert only_copied.status == "FAILURE"
    assert "release" not in only_copied.materialized
    assert current_release_id(settings) == release
    incidents = needloop("alerts", "list", "--data", settings.data).stdout
    assert "The gate is closed" in incidents, "a selection that ended well resolves nothing"
    in_warehouse(settings, AS_BEFORE)
    mended = run(settings.landing_zone, settings.data)
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert current_release_id(settings) != release
    assert "The gate is closed" not in needloop("alerts", "list", "--data", settings.data).stdout
    assert status_check(settings).startswith("ok: ")


def test_a_retry_from_failure_goes_on_where_the_run_failed_and_may_publish(
    dagster: ServedDagster, settings: Settings
) -> None:
    (settings.landing_zone / "training" / "courses" / "one_more.csv").write_text(COURSE, "utf-8")
    release = current_release_id(settings)
    in_warehouse(settings, DOUBLED)
    failed = dagster.run()
    assert failed.status == "FAILURE"
    assert set(failed.materialized) == {"raw/training__courses"}, "no other table got rows"
    assert failed.checks["raw/policy__claims", "blocking_checks"] is False
    in_warehouse(settings, AS_BEFORE)
    retried = dagster.ended(dagster.launch_from_failure(failed.run_id))
    assert retried.status == "SUCCESS", retried.errors
    assert "landing" not in retried.steps
    assert "marts/fct_need" not in retried.materialized, "nothing new hangs on it"
    assert "release" in retried.materialized
    assert current_release_id(settings) not in {None, release}
    assert "0 passed" not in needloop("status", "--data", settings.data).stdout

    once_more = dagster.ended(dagster.launch_step(retried.run_id, "release"))
    assert once_more.status == "SUCCESS", once_more.errors
    assert set(once_more.materialized) == {"release"}
    assert status_check(settings).startswith("ok: ")


def test_checks_selected_alone_are_evaluated_and_nothing_is_made(dagster: ServedDagster) -> None:
    asked = [("raw/policy__claims", "blocking_checks"), ("marts/fct_need", "unique_key_fct_need_need_id")]
    checked = dagster.run([], asked)
    assert (checked.status, checked.materialized) == ("SUCCESS", {}), checked.errors
    assert checked.checks == dict.fromkeys(asked, True)


def test_a_selected_table_lands_alone(dagster: ServedDagster, settings: Settings) -> None:
    for table in ("training/courses", "org/branches"):
        text = COURSE.replace("K-NEW", "K-TWO") if table == "training/courses" else BRANCH
        (settings.landing_zone / table / "two_more.csv").write_text(text, "utf-8")
    landed = dagster.run(["raw/org__branches"], [])
    assert landed.status == "SUCCESS", landed.errors
    assert set(landed.materialized) == {"raw/org__branches"}
    files = in_warehouse(settings, "select file from landing.loads where file like '%two_more.csv'")
    assert files == [("org/branches/two_more.csv",)]


def test_a_run_that_meets_the_lock_fails_and_makes_nothing(dagster: ServedDagster, settings: Settings) -> None:
    with run_lock(settings):
        refused = dagster.run(["marts/fct_need"])
    assert (refused.status, refused.materialized) == ("FAILURE", {})
    assert "Another run is working on" in refused.errors


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
    after = run(settings.landing_zone, settings.data)
    assert after.returncode == 0, after.stdout + after.stderr
    assert "Built everything (an earlier run built only some of the models)" in after.stdout
