"""Somebody who is not signed in causes so many entries of the audit record a minute, and no more."""

from __future__ import annotations

from dashboards.superset.entries_of_strangers import EntriesOfStrangers


def test_each_address_has_its_own_number_a_minute() -> None:
    now = [0.0]
    entries = EntriesOfStrangers(lambda: now[0])
    assert [entries.another("10.0.0.1", 2) for _ in range(4)] == [True, True, False, False]
    now[0] = 59.9
    assert not entries.another("10.0.0.1", 2)
    assert entries.another("10.0.0.2", 2)
    now[0] = 60.0
    assert entries.another("10.0.0.1", 2)


def test_the_memory_is_bounded() -> None:
    entries = EntriesOfStrangers(lambda: 0.0)
    assert [entries.another(number, 1) for number in range(10_002)].count(True) == 10_000
    assert not entries.another("one more", 1)
    assert entries.another(0, 2), "who is counted already goes on"
