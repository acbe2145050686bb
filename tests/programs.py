"""What the tests need of the machine beside Python: found, or the tests are skipped with the remedy."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def program(*names: str, package: str) -> str:
    """Where a program is, by the first of these names that there is; without it, see `not_here`."""
    for name in names:
        if (found := shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")) is not None:
            return found
    return not_here(f"no {names[0]} on this machine: `sudo apt-get install {package}` enables this test")


def not_here(reason: str) -> NoReturn:
    """Skips the test; in CI, where everything has to be there, it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
