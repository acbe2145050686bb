"""Keeps the end of a command free of what libraries print while the interpreter is taken down.

DuckDB's binding lists on standard error, in hundreds of lines, which of its objects are still alive then; dbt and Great
Expectations keep some in caches of their own. Nothing is lost by it, and nobody who runs a command can use it.
"""

from __future__ import annotations

import atexit
import os
import sys


def quiet_exit() -> None:
    """Closes standard error after everything else that runs at exit: call it before libraries are imported."""
    atexit.register(_silence)


def _silence() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    os.close(nowhere)
