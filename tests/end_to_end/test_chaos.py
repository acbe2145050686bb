"""A short version of `make chaos`: a few kills, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.chaos import disturb
from tests.end_to_end.command_line import ONE_REPORT


@pytest.mark.slow
def test_killed_runs_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ONE_REPORT.items():
        monkeypatch.setenv(name, value)
    result = disturb(tmp_path, kills=3, scale=0.05, seed=7, phases=("landing", "models", "publish"))
    assert result.observed.faults == []
    assert result.exit_code == 0
    assert result.differing_numbers == 0
    assert result.lost_rows == 0
    assert sum(result.kills_by_phase.values()) == 3
