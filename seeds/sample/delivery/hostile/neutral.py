"""Extra rows that cancel out: deleted, restored and voided. They exercise the load modes and change no number."""

from __future__ import annotations

from datetime import datetime, timedelta

from needloop.contract.model import Table
from seeds.sample.delivery.hostile.records import IGNORED, Row

Extra = dict[str, list[Row]]
"""Rows by the file they belong to: one of the names below."""
DELETED_FIRST, MAIN, FLAGS, LATE = "0_deleted", "main", "8_flags", "9_late"
BEFORE_THE_WINDOW = "2023-02-01 08:00:00"
DAY_AFTER = "2023/2/2 08:00"


def neutral_rows(table: Table, samples: list[dict[str, str]]) -> Extra:
    """`samples` are at least six good rows of the table, first versions in plain form."""
    return _of_rows(table, samples) if table.load == "upsert" else _of_events(table, samples)


def _of_rows(table: Table, samples: list[dict[str, str]]) -> Extra:
    """Their versions lie before the window, so they are gone at any as_of within it."""
    key = table.key[0]

    def extra(number: int, updated_at: str, deleted: str, long_key: bool = False) -> Row:
        name = f"DEL{number:06d}".ljust(64, "7") if long_key else f"DEL{number:06d}"
        return Row({**samples[number], key: name, "updated_at": updated_at, "deleted": deleted})

    def deleted_before(sample: dict[str, str], seconds: int) -> Row:
        """A real row, deleted by a version older than its first one."""
        moment = datetime.fromisoformat(sample["updated_at"]) - timedelta(seconds=seconds)
        return Row({**sample, "updated_at": str(moment), "deleted": "是"})

    return {
        DELETED_FIRST: [extra(0, DAY_AFTER, "Y"), deleted_before(samples[4], 0), deleted_before(samples[5], 5)],
        MAIN: [extra(1, BEFORE_THE_WINDOW, ""), extra(2, BEFORE_THE_WINDOW, "", long_key=True)],
        FLAGS: [
            extra(1, DAY_AFTER, "1"),
            extra(2, BEFORE_THE_WINDOW, "true", long_key=True),
            extra(3, BEFORE_THE_WINDOW, "是"),
            Row({**samples[3], key: "BADFLAG1", "deleted": "也许"}, "bad_bool", "deleted"),
        ],
        LATE: [extra(0, BEFORE_THE_WINDOW, "否")],
    }


def _of_events(table: Table, samples: list[dict[str, str]]) -> Extra:
    key = table.key[0]
    reference = next(c.name for c in table.columns if c.required and c.type == "id" and not c.key)

    def event(number: int, void: str = "", verdict: str = "loaded", column: str = "", **other: str) -> Row:
        return Row({**samples[number], key: f"EV{number:06d}", "void": void, **other}, verdict, column)

    return {
        MAIN: [event(0), event(2)],
        FLAGS: [
            event(0, "Y", **{reference: "ANOTHER1"}),
            event(1, "true"),
            event(2, "是"),
            event(2, "1", IGNORED),
            event(2, "", IGNORED),
            event(3, "yes"),
            Row({**samples[1], key: "BADFLAG1", "void": "也许"}, "bad_bool", "void"),
            event(0, "否", "conflicting_duplicate", key, **{reference: "ANOTHER2"}),
        ],
        LATE: [event(3, "f")],
    }
