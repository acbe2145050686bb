"""A short version of `make chaos`: a few kills, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.chaos import OUTLIVED, Calm, disturb
from tests.end_to_end.command_line import ONE_REPORT

# A kill falls into the first half: while files are loaded, which begins some seconds after the start, and so on.
ABOUT = {"Landing zone": 12.0, "Models": 8.0, "Publish": 0.3}


@pytest.mark.slow
def test_killed_runs_lose_nothing(published: Path, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ONE_REPORT.items():
        monkeypatch.setenv(name, value)
    calm = Calm(bank, published, ABOUT)
    result = disturb(tmp_path, calm, kills=3, seed=7, phases=("landing", "models", "publish"))
    assert result.observed.faults == []
    assert result.exit_code == 0
    assert result.differing_numbers == 0
    assert result.lost_rows == 0
    assert result.kills_by_phase.total() == 3
    assert result.kills_by_phase[OUTLIVED] == 0
