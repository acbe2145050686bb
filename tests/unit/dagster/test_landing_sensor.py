"""The sensor asks for a run once for each state of the landing zone, and only when the zone is still."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_pipelines import sensors
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.sensors import landing_sensor, landing_state
from needloop.settings import Settings


class Looks:
    """Evaluates the sensor again and again, with the cursor it left."""

    def __init__(self, landing: Path) -> None:
        self._sensor = landing_sensor(Settings(landing=landing))
        self._cursor: str | None = None
        self.instance = dg.DagsterInstance.ephemeral()

    def look(self) -> dg.SkipReason | dg.RunRequest:
        context = dg.build_sensor_context(instance=self.instance, cursor=self._cursor)
        found = self._sensor(context)
        self._cursor = context.cursor
        assert isinstance(found, (dg.SkipReason, dg.RunRequest))
        return found


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    table = tmp_path / "crm" / "needs"
    table.mkdir(parents=True)
    return tmp_path


def test_a_file_is_taken_at_the_second_look(zone: Path) -> None:
    looks = Looks(zone)
    (zone / "crm" / "needs" / "a.csv").write_text("need_id\n")
    assert isinstance(looks.look(), dg.SkipReason)
    request = looks.look()
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == landing_state(zone)


def test_a_file_that_still_grows_is_waited_for(zone: Path) -> None:
    looks = Looks(zone)
    file = zone / "crm" / "needs" / "a.csv"
    for length in range(1, 4):
        file.write_text("x" * length)
        found = looks.look()
        assert isinstance(found, dg.SkipReason)
    assert isinstance(looks.look(), dg.RunRequest)


def test_the_same_state_asks_for_one_run_only(zone: Path) -> None:
    looks = Looks(zone)
    (zone / "crm" / "needs" / "a.csv").write_text("need_id\n")
    looks.look()
    assert isinstance(looks.look(), dg.RunRequest)
    again = looks.look()
    assert isinstance(again, dg.SkipReason)
    assert "No file has arrived" in (again.skip_message or "")


class _FailureError(Exception):
    """What a run ends with that met the lock."""


def run_as_asked(looks: Looks, request: dg.RunRequest, *, fails: bool) -> None:
    @dg.op
    def step() -> None:
        if fails:
            raise _FailureError

    @dg.job(name=pipeline_job.name)
    def pipeline() -> None:
        step()

    pipeline.execute_in_process(instance=looks.instance, tags=request.tags, raise_on_error=False)


def test_a_run_that_failed_is_asked_for_again_a_few_times(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks(zone)
    (zone / "crm" / "needs" / "a.csv").write_text("need_id\n")
    looks.look()
    request = looks.look()
    assert isinstance(request, dg.RunRequest)
    run_as_asked(looks, request, fails=True)
    assert isinstance(looks.look(), dg.SkipReason)  # it has only just ended
    monkeypatch.setattr(sensors, "BEFORE_ASKING_AGAIN", timedelta(0))
    keys = {request.run_key}
    for _ in range(sensors.MOST_RUNS_OF_A_STATE - 1):
        again = looks.look()
        assert isinstance(again, dg.RunRequest)
        run_as_asked(looks, again, fails=True)
        keys.add(again.run_key)
    assert len(keys) == sensors.MOST_RUNS_OF_A_STATE  # Dagster starts no second run for a key
    assert isinstance(looks.look(), dg.SkipReason)
    (zone / "crm" / "needs" / "b.csv").write_text("need_id\n")
    looks.look()
    assert isinstance(looks.look(), dg.RunRequest)


def test_a_run_that_succeeded_is_not_asked_for_again(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "BEFORE_ASKING_AGAIN", timedelta(0))
    looks = Looks(zone)
    (zone / "crm" / "needs" / "a.csv").write_text("need_id\n")
    looks.look()
    request = looks.look()
    assert isinstance(request, dg.RunRequest)
    run_as_asked(looks, request, fails=False)
    assert isinstance(looks.look(), dg.SkipReason)


def test_an_empty_or_missing_zone_is_said_to_be_so(zone: Path) -> None:
    assert isinstance(Looks(zone).look(), dg.SkipReason)
    missing = Looks(zone / "nowhere").look()
    assert isinstance(missing, dg.SkipReason)
    assert "does not exist or is empty" in (missing.skip_message or "")
