"""One sample bank, made and published once for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.command_line import needloop


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("product")


@pytest.fixture(scope="session")
def bank(work: Path) -> Path:
    made = needloop("sample", "--out", work / "bank", "--scale", 0.05)
    assert made.returncode == 0, made.stderr
    return work / "bank"


@pytest.fixture(scope="session")
def published(work: Path, bank: Path) -> Path:
    """A data folder with the sample bank published once; tests that change it work on a copy."""
    first = needloop("run", "--landing", bank, "--data", work / "data")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Published release" in first.stdout
    return work / "data"
