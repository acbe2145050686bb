"""The units and the proxy's configuration in docs/deployment, read by the programs that they are for."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dagster_pipelines.settings import PROJECT_ROOT

FILES = PROJECT_ROOT / "docs" / "deployment"
UNITS = sorted((FILES / "systemd").iterdir())


def _program(name: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        reason = f"no {name}: `sudo apt-get install {package}` enables this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    assert found is not None
    return found


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    """With the folder of this checkout, and a user that there is on every machine, in place of the example's."""
    (tmp_path / "backups").mkdir()
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/needloop", str(PROJECT_ROOT)).replace("=needloop\n", "=root\n")
        (tmp_path / unit.name).write_text(text.replace("/var/backups/needloop", str(tmp_path / "backups")), "utf-8")
    verified = subprocess.run(
        [_program("systemd-analyze", "systemd"), "verify", *(tmp_path / unit.name for unit in UNITS)],
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


def test_nginx_understands_the_proxy(tmp_path: Path) -> None:
    certificate = [
        _program("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
        "-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem",
    ]  # fmt: skip
    subprocess.run(certificate, capture_output=True, check=True)
    proxy = (FILES / "nginx" / "needloop.conf").read_text("utf-8").replace("/etc/needloop/tls", str(tmp_path))
    (tmp_path / "needloop.conf").write_text(proxy, "utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid;\nevents {{}}\nhttp {{ include {tmp_path}/needloop.conf; }}\n", "utf-8"
    )
    tested = subprocess.run(
        [_program("nginx", "nginx-light"), "-e", "stderr", "-t", "-c", tmp_path / "nginx.conf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
