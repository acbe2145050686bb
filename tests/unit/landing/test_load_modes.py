"""What becomes of rows whose key is there already: versions, repeats, conflicts, void rows in every order."""

from __future__ import annotations

from tests.unit.landing.conftest import Bank

EVENTS = "event_id,need_id,event,occurred_at,satisfaction_score,void\n"
FILE = "crm/need_events/{}.csv"


def events(bank: Bank, name: str, *rows: str) -> tuple[int, int, int]:
    outcome = bank.load_one(FILE.format(name), EVENTS + "".join(f"{row}\n" for row in rows))
    assert outcome.rows == len(rows) == outcome.loaded + outcome.ignored + outcome.rejected
    return outcome.loaded, outcome.ignored, outcome.rejected


def kept(bank: Bank) -> list[tuple[str, str, bool]]:
    return bank.select("select event_id, event, coalesce(void, false) from raw.crm__need_events order by 1, 3")


def test_the_same_event_is_ignored_however_its_values_are_written(bank: Bank) -> None:
    assert events(bank, "a", "E1,N1,started,2026-01-01 09:00:00,5,") == (1, 0, 0)
    again = ["E1,N1,STARTED,2026/1/1 9:00,5.0,", "E1,N1,started,2026-01-01T01:00:00Z,５,false"]
    assert events(bank, "b", *again) == (0, 2, 0)


def test_another_content_conflicts_with_the_first(bank: Bank) -> None:
    first = "E1,N1,started,2026-01-01 09:00:00,,"
    assert events(bank, "a", first, "E1,N1,started,2026-01-01 09:00:01,,", first) == (1, 1, 1)
    assert events(bank, "b", "E1,N2,started,2026-01-01 09:00:00,,", "E2,N1,closed,2026-01-02,,") == (1, 0, 1)
    assert bank.rejects() == [
        (FILE.format("a"), 3, "event_id", "conflicting_duplicate"),
        (FILE.format("b"), 2, "event_id", "conflicting_duplicate"),
    ]
    assert bank.select("select record from landing.rejects order by file") == [
        ("E1,N1,started,2026-01-01 09:00:01,,",),
        ("E1,N2,started,2026-01-01 09:00:00,,",),
    ]


def test_a_broken_row_is_no_event_that_others_could_conflict_with(bank: Bank) -> None:
    assert events(bank, "a", "E1,N1,unknown,2026-01-01,,", "E1,N1,started,2026-01-01,,") == (1, 0, 1)


def test_void_after_its_event(bank: Bank) -> None:
    assert events(bank, "a", "E1,N1,started,2026-01-01,,") == (1, 0, 0)
    # The content of a void row is not compared; a second one says nothing new.
    assert events(bank, "b", "E1,N9,closed,2026-02-02,,true", "E1,N1,started,2026-01-01,,Y") == (1, 1, 0)
    assert events(bank, "c", "E1,N1,started,2026-01-01,,", "E1,N1,closed,2026-01-01,,") == (0, 1, 1)
    assert kept(bank) == [("E1", "started", False), ("E1", "closed", True)]


def test_void_before_its_event(bank: Bank) -> None:
    assert events(bank, "a", "E1,N9,closed,2026-02-02,,true") == (1, 0, 0)
    assert events(bank, "b", "E1,N1,started,2026-01-01,,", "E1,N1,started,2026-01-01,,") == (1, 1, 0)
    assert events(bank, "c", "E1,N1,started,2026-01-01,,true", "E1,N2,started,2026-01-01,,") == (0, 1, 1)
    assert kept(bank) == [("E1", "started", False), ("E1", "closed", True)]


def test_void_and_event_in_one_file_in_any_order(bank: Bank) -> None:
    rows = ["E1,N1,started,2026-01-01,,true", "E1,N1,started,2026-01-01,,", "E2,N1,started,2026-01-01,,"]
    assert events(bank, "a", *rows, "E2,N1,started,2026-01-01,,true", "E1,N2,started,2026-01-01,,") == (4, 0, 1)
    assert kept(bank) == [(key, "started", void) for key in ("E1", "E2") for void in (False, True)]


def test_a_void_row_needs_its_required_columns(bank: Bank) -> None:
    assert events(bank, "a", "E1,,started,2026-01-01,,true") == (0, 0, 1)
    assert bank.rejects() == [(FILE.format("a"), 2, "need_id", "missing_required")]


def test_every_version_of_an_upsert_is_loaded(bank: Bank) -> None:
    header = "branch_id,branch_name,region,updated_at,deleted\n"
    rows = ["B1,b,x,2026-02-01,", "B1,a,x,2026-01-01,", "B1,b,x,2026-02-01,", "B1,b,x,2026-03-01,true"]
    outcome = bank.load_one("org/branches/b.csv", header + "\n".join(rows))
    assert (outcome.loaded, outcome.ignored, outcome.rejected) == (4, 0, 0)
    assert bank.select("select _line, deleted from raw.org__branches order by 1") == [
        (2, None),
        (3, None),
        (4, None),
        (5, True),
    ]


def test_a_deleted_row_needs_its_required_columns(bank: Bank) -> None:
    header = "branch_id,branch_name,region,updated_at,deleted\n"
    bank.load_one("org/branches/b.csv", header + "B1,,x,2026-02-01,true\n")
    assert bank.rejects() == [("org/branches/b.csv", 2, "branch_name", "missing_required")]
