"""alerts.yml: what is shipped can be used, and what is wrong is said without repeating what may be secret."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from dagster_pipelines.alerts.configuration import AlertsConfigurationError, Delivery, QuietHours, load_configuration
from dagster_pipelines.alerts.quiet_hours import is_quiet
from needloop.settings import Settings


def _load(tmp_path: Path, text: str) -> str:
    file = tmp_path / "alerts.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(AlertsConfigurationError) as raised:
        load_configuration(Settings(data=tmp_path, alerts=file))
    return str(raised.value)


def test_the_shipped_file_writes_to_nobody(tmp_path: Path) -> None:
    shipped = load_configuration(Settings(data=tmp_path, alerts=None))
    assert shipped.targets == {}
    assert shipped.targets_for("blocking", "crm", "x") == ()
    assert shipped.quiet_hours == QuietHours(start=time(20), end=time(8), workdays_only=True)


def test_an_address_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    said = _load(tmp_path, "targets: {ops: {service: wecom, address: 'wecombot://s3cret'}}")
    assert "targets.ops.address" in said
    assert "environment variable" in said
    assert "s3cret" not in said


def test_all_tries_of_a_message_take_so_long() -> None:
    assert Delivery(tries=3, seconds_between=2).seconds_at_most == 15 + 2 + 15 + 4 + 15
    assert Delivery(tries=1).seconds_at_most == 15


def test_a_route_to_nowhere_is_named(tmp_path: Path) -> None:
    assert "nobody" in _load(tmp_path, "routes: [{name: a, targets: [nobody]}]")


def test_misspelt_entries_are_named(tmp_path: Path) -> None:
    assert "quiet_hour" in _load(tmp_path, "quiet_hour: null")


def test_a_file_that_is_not_there_or_not_yaml_says_so(tmp_path: Path) -> None:
    assert "not valid YAML at line 1" in _load(tmp_path, "routes: [")
    with pytest.raises(AlertsConfigurationError, match="cannot be read"):
        load_configuration(Settings(data=tmp_path, alerts=tmp_path / "none.yml"))


def test_clock_times_may_stand_without_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("quiet_hours: {start: 20:30, end: 08:00}", "utf-8")
    hours = load_configuration(Settings(data=tmp_path, alerts=tmp_path / "a.yml")).quiet_hours
    assert hours == QuietHours(start=time(20, 30), end=time(8))


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        ("2026-09-16 07:59", True),
        ("2026-09-16 08:00", False),
        ("2026-09-16 19:59", False),
        ("2026-09-16 20:00", True),
        ("2026-09-19 12:00", True),  # a Saturday
        ("2026-09-20 12:00", False),  # a Sunday that is worked before the national holiday
        ("2026-10-01 12:00", True),  # the national holiday, a Thursday
    ],
)
def test_quiet_hours_at_their_edges(local: str, quiet: bool) -> None:
    moment = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
    hours = QuietHours(start=time(20), end=time(8), workdays_only=True)
    assert is_quiet(hours, moment, "Asia/Shanghai") is quiet


def test_quiet_hours_within_a_day() -> None:
    hours = QuietHours(start=time(12), end=time(14), workdays_only=False)
    at = {h: is_quiet(hours, datetime(2026, 9, 19, h, tzinfo=UTC), "UTC") for h in (11, 12, 13, 14)}
    assert at == {11: False, 12: True, 13: True, 14: False}
    assert not is_quiet(None, datetime(2026, 9, 19, 13, tzinfo=UTC), "UTC")
