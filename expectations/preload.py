"""Imports Great Expectations ahead of its use: seconds of work that fit beside a step which waits for DuckDB."""

from __future__ import annotations

import importlib
import threading


def preload() -> None:
    """Starts the import in the background and returns at once; whoever imports it meanwhile waits for the rest."""
    threading.Thread(
        target=importlib.import_module, args=("expectations.validation",), name="preload", daemon=True
    ).start()
