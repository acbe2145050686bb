"""The command line as a process of its own, as a bank's engineer calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NEEDLOOP = Path(sys.executable).with_name("needloop")


# One form of the report is enough where a test is about something else; the others take as long as the models.
ONE_REPORT = {"NEEDLOOP_REPORT_LANGUAGES": "zh", "NEEDLOOP_REPORT_FORMATS": "html"}


def needloop(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NEEDLOOP, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def run(landing: Path, data: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return needloop("run", "--landing", landing, "--data", data, *options, **ONE_REPORT)
