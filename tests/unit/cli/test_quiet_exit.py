"""What a user sees after a command's last line."""

from __future__ import annotations

import subprocess
import sys

KEEPS_OBJECTS_ALIVE = """
import atexit, ctypes, sys
import dagster_pipelines.cli.main
import duckdb
connection = duckdb.connect()
connection.execute("select 1")
ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
atexit.register(lambda: print("said at exit", file=sys.stderr))
print("last line")
sys.exit(2)
"""


def test_nothing_is_printed_after_the_last_handler_and_the_exit_code_stays() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KEEPS_OBJECTS_ALIVE], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "last line\n", "said at exit\n")
