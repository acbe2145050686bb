"""Makes the end of a command short and free of what libraries print while the interpreter is taken down.

Looking through the millions of objects of dbt and Dagster for cycles, only to end, would take seconds. And DuckDB's
binding lists on standard error, in hundreds of lines, which of its objects are still alive then; dbt and Great
Expectations keep some in caches of their own. Nothing is lost by it, and nobody who runs a command can use it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys


def quiet_exit() -> None:
    """Closes standard error, and ends collecting, after everything else that runs at exit.

    Call it before libraries are imported.
    """
    atexit.register(_fall_silent)


def _fall_silent() -> None:
    gc.freeze()
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    os.close(nowhere)
