"""The units in docs/deployment, read by systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from needloop.settings import PROJECT_ROOT
from tests.programs import program

UNITS = sorted((PROJECT_ROOT / "docs" / "deployment" / "systemd").iterdir())


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    """With the folder of this checkout, and a user that there is on every machine, in place of the example's."""
    (tmp_path / "backups").mkdir()
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/needloop", str(PROJECT_ROOT)).replace("=needloop\n", "=root\n")
        (tmp_path / unit.name).write_text(text.replace("/var/backups/needloop", str(tmp_path / "backups")), "utf-8")
    verified = subprocess.run(
        [program("systemd-analyze", package="systemd"), "verify", *(tmp_path / unit.name for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: str(unit.name))
def test_every_service_is_shut_in(unit: Path) -> None:
    lines = set(unit.read_text("utf-8").splitlines())
    assert lines >= {
        "User=needloop", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
        "CapabilityBoundingSet=", "EnvironmentFile=-/etc/needloop/secrets",
    }  # fmt: skip


def test_every_timer_has_its_service() -> None:
    names = {unit.name for unit in UNITS}
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert timers
    assert {timer.with_suffix(".service").name for timer in timers} <= names
