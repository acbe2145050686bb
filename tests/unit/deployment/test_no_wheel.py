"""The project has no wheel, and says so to whoever tries to build one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hatch_build import REFUSAL
from needloop.settings import PROJECT_ROOT


@pytest.mark.parametrize("target", ["wheel", "sdist"])
def test_a_build_is_refused_with_the_way_to_install(target: str, tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(tmp_path)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode != 0
    assert REFUSAL in built.stderr
    assert list(tmp_path.iterdir()) == []
