"""Somebody who is not signed in causes so many entries of the audit record a minute, and no more."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from tests.dashboard_server import FOLDER


@pytest.fixture(scope="module")
def module() -> Any:
    """Superset's folder is a project of its own."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("entries_of_strangers")
    finally:
        sys.path.remove(str(FOLDER))


def test_each_address_has_its_own_number_a_minute(module: Any) -> None:
    now = [0.0]
    entries = module.EntriesOfStrangers(lambda: now[0])
    assert [entries.another("10.0.0.1", 2) for _ in range(4)] == [True, True, False, False]
    now[0] = 59.9
    assert not entries.another("10.0.0.1", 2)
    assert entries.another("10.0.0.2", 2)
    now[0] = 60.0
    assert entries.another("10.0.0.1", 2)


def test_the_memory_is_bounded(module: Any) -> None:
    entries = module.EntriesOfStrangers(lambda: 0.0)
    assert [entries.another(number, 1) for number in range(10_002)].count(True) == 10_000
    assert not entries.another("one more", 1)
    assert entries.another(0, 2), "who is counted already goes on"
