"""A report that could not be made: it stays told, and the next command makes it without building anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagster_pipelines.alerts.notify import notify_run, notify_up_to_date
from dagster_pipelines.alerts.record import incident_record
from dagster_pipelines.cli.main import main
from dagster_pipelines.run_end import RunEnd
from needloop.settings import MARTS_FILE, Settings


def _end(run_id: str, *, release_id: str | None, error: str | None) -> RunEnd:
    return RunEnd(
        run_id=run_id, ended_at=datetime.now(UTC), release_id=release_id, verdicts=(), succeeded=error is None,
        error=error, error_class="OSError" if error else None, trace="",
    )  # fmt: skip


def _open(settings: Settings) -> set[str]:
    with incident_record(settings) as record:
        return {key for key in record.open_incidents() if key.startswith("run/")}


def test_a_missing_report_is_told_until_a_run_has_made_it(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path / "data", landing=tmp_path)
    (settings.releases / "r1").mkdir(parents=True)
    (settings.releases / "r1" / MARTS_FILE).symlink_to(example)
    settings.current.symlink_to(settings.releases / "r1")
    notify_run(settings, _end("first", release_id="r1", error="No space left"))
    notify_run(settings, _end("second", release_id=None, error=None))  # Dagster found nothing new
    notify_up_to_date(settings)
    assert _open(settings) == {"run/failed"}

    monkeypatch.setattr("dagster_pipelines.cli.run.is_up_to_date", lambda _: True)
    arguments = ["run", "--landing", str(tmp_path), "--data", str(settings.data)]
    made = []
    for _ in range(2):
        result = CliRunner().invoke(main, arguments, env={"NEEDLOOP_REPORT_FORMATS": "html"})
        assert result.exit_code == 0, result.output
        made.append({file.name: file.stat().st_mtime_ns for file in settings.reports.iterdir()})
        assert _open(settings) == set()
    assert len(made[0]) == 2
    assert made[0] == made[1]  # the second run made none
