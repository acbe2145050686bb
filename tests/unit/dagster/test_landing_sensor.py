"""The sensor asks for a run once for each state of the landing zone, and only when the zone is still."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from dagster_pipelines.sensors import landing_sensor, landing_state
from dagster_pipelines.settings import Settings


class Looks:
    """Evaluates the sensor again and again, with the cursor it left."""

    def __init__(self, landing: Path) -> None:
        self._sensor = landing_sensor(Settings(landing=landing))
        self._cursor: str | None = None

    def look(self) -> dg.SkipReason | dg.RunRequest:
        context = dg.build_sensor_context(cursor=self._cursor)
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
    assert "Nothing has come" in (again.skip_message or "")


def test_an_empty_or_missing_zone_is_said_to_be_so(zone: Path) -> None:
    assert isinstance(Looks(zone).look(), dg.SkipReason)
    missing = Looks(zone / "nowhere").look()
    assert isinstance(missing, dg.SkipReason)
    assert "does not exist or is empty" in (missing.skip_message or "")
