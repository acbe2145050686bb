"""The command line as a process of its own, as a bank's engineer calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NEEDLOOP = Path(sys.executable).with_name("needloop")


def needloop(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NEEDLOOP, *map(str, arguments)], capture_output=True, text=True, check=False)


def run(landing: Path, data: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return needloop("run", "--landing", landing, "--data", data, *options)
