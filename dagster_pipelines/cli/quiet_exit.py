"""Exit fast, without the noise that libraries print while the interpreter shuts down.

A final garbage collection over the millions of objects of dbt and Dagster would take seconds. And DuckDB's binding
lists its live objects on standard error, in hundreds of lines, because dbt and Great Expectations cache some. Neither
is of use to whoever runs a command.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys


def quiet_exit() -> None:
    """Silence standard error and stop garbage collection after all other exit handlers.

    Call it before importing libraries: exit handlers run last in, first out.
    """
    atexit.register(_silence)


def _silence() -> None:
    gc.freeze()
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    os.close(nowhere)
