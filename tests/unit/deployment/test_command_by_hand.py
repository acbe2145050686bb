"""A command given by hand runs as the services do: their user, their settings and secrets, their folders."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from needloop.settings import PROJECT_ROOT

DEPLOYMENT = PROJECT_ROOT / "docs" / "deployment"
COMMAND = DEPLOYMENT / "commands" / "as-needloop"
DAEMON = DEPLOYMENT / "systemd" / "needloop-dagster-daemon.service"
SHARED = {"EnvironmentFile", "StateDirectory", "StateDirectoryMode", "UMask"}


@pytest.fixture
def asked_of_systemd(tmp_path: Path) -> Path:
    """A folder whose systemd-run writes down what it is asked: systemd itself does not run where tests do."""
    written = tmp_path / "systemd-run"
    written.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', "utf-8")
    written.chmod(0o755)
    return tmp_path


def _asked(folder: Path, *command: str, by: str | None = None) -> list[str]:
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **({"SUDO_USER": by} if by else {})}
    done = subprocess.run([COMMAND, *command], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_it_has_what_the_services_have(asked_of_systemd: Path) -> None:
    asked = _asked(asked_of_systemd, "needloop", "run")
    of_daemon = [line for line in DAEMON.read_text("utf-8").splitlines() if line.partition("=")[0] in SHARED]
    assert len(of_daemon) == 5
    assert {f"--property={line}" for line in of_daemon} == {one for one in asked if one.startswith("--property=")}
    assert {"--uid=needloop", "--gid=needloop", "--working-directory=/opt/needloop"} <= set(asked)


def test_the_command_arrives_as_it_was_given(asked_of_systemd: Path) -> None:
    asked = _asked(asked_of_systemd, "needloop", "export", "--out", "a folder")
    assert asked[-4:] == ["/opt/needloop/.venv/bin/needloop", "export", "--out", "a folder"]
    assert _asked(asked_of_systemd, "/usr/bin/id")[-1] == "/usr/bin/id"


def test_who_gave_it_is_told(asked_of_systemd: Path) -> None:
    assert "--setenv=SUDO_USER=zhao min" in _asked(asked_of_systemd, "needloop", "audit", by="zhao min")
    assert not [one for one in _asked(asked_of_systemd, "needloop", "audit") if one.startswith("--setenv")]


def test_without_a_command_it_says_how() -> None:
    done = subprocess.run([COMMAND], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith("usage: as-needloop COMMAND")) == (64, True)
