"""Assembles the hostile delivery, table by table."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needloop.contract.model import Table
from seeds.sample.delivery.clean import write_parquet
from seeds.sample.delivery.hostile.breakage import breakages, broken_row
from seeds.sample.delivery.hostile.damage import STRAY_ENTRIES, STRAYS, damaged_files
from seeds.sample.delivery.hostile.expected import REFUSED, REPEAT, Expected, Reject
from seeds.sample.delivery.hostile.neutral import DELETED_FIRST, FLAGS, LATE, MAIN, Extra, neutral_rows
from seeds.sample.delivery.hostile.plan import PLANS, Plan
from seeds.sample.delivery.hostile.records import BLANK, IGNORED, Draft, Row, spread
from seeds.sample.delivery.hostile.spelling import Cells, odd_cells, plain_cells
from seeds.sample.delivery.hostile.words import HEADERS, VALUES, write_mapping
from seeds.sample.delivery.hostile.writing import write_delimited, write_json_lines, write_workbook
from seeds.sample.randomness import stream

EXPECTED_ENDING = ".expected"
REPEATED_ROWS = 20
LATE_SHARE = 10
"""Of the versions of an upsert table, every tenth comes after all others."""
SAMPLES = 8
TORN_ROW = 5


class HostileDelivery:
    """Writes the tables by their plans; the first block's files also hold everything that is wrong."""

    def __init__(self, out: Path, seed: int) -> None:
        self.files: list[str] = []
        self.rows: Counter[str] = Counter()
        self.expected = out.with_name(out.name + EXPECTED_ENDING)
        self._out = out
        self._seed = seed
        self._turn: Counter[str] = Counter()
        self._report = Expected()

    def add(self, table: Table, parts: tuple[pa.Table, ...]) -> None:
        """Writes the files of one table and block."""
        turn = self._turn[table.full_name]
        self._turn[table.full_name] += 1
        rows = pa.concat_tables(parts)
        self.rows[table.full_name] += rows.num_rows
        plan = PLANS.get(table.full_name, Plan())
        if plan.ending == "parquet":
            self._parquet(table, turn, rows)
            return
        rng = stream(self._seed, f"hostile {table.full_name}", turn)
        cells = odd_cells(rng, table, rows, VALUES.get(table.full_name, {}) if plan.chinese else {})
        order = _order(rng, table, rows.num_rows)
        pieces = [[_row(cells, i) for i in piece.tolist()] for piece in np.array_split(order, plan.files)]
        columns = list(rows.column_names)
        if plan.shuffled:
            columns = [columns[i] for i in rng.permutation(len(columns))]
        extra: Extra = {}
        if turn == 0:
            pieces = _with_faults(table, plan, pieces)
            samples = _samples(parts[0])
            if plan.neutral:
                extra = neutral_rows(table, samples)
                pieces[0] = spread(pieces[0], extra[MAIN])
        self._pieces(table, turn, plan, columns, pieces)
        for name in (DELETED_FIRST, FLAGS, LATE):
            if name in extra:
                self._write(
                    table, Draft(self._name(table, turn, name, "csv"), [*columns, table.flag], extra[name]), plan
                )
        if turn == 0 and table.load == "append" and plan.ending.startswith("csv"):
            again = [Row(sample, IGNORED) for sample in _samples(parts[0], REPEATED_ROWS)]
            self._write(table, Draft(self._name(table, turn, "7_again", "csv"), columns, again), plan)

    def close(self) -> None:
        """Damaged files, strays, a file delivered twice, the mapping and the expected reports."""
        for damaged in damaged_files():
            name = f"{damaged.table.replace('.', '/')}/{damaged.name}"
            self._bytes(name, damaged.content)
            if damaged.reason:
                self._report.not_taken(name, damaged.table, REFUSED, damaged.reason, damaged.detail)
            else:
                self._report.taken(name, damaged.table, 0)
        for name, text in STRAYS.items():
            self._bytes(name, text.encode())
        self._report.left_alone += [(entry,) for entry in STRAY_ENTRIES]
        first, again = "crm/customers/customers_001_1.csv", "crm/customers/customers_001_1_sent_again.csv"
        self._bytes(again, (self._out / first).read_bytes())
        self._report.not_taken(again, "crm.customers", REPEAT, "", first)
        write_mapping(self._out / "mapping.yml")
        self.files.append("mapping.yml")
        if self.expected.exists():
            shutil.rmtree(self.expected)
        self._report.write(self.expected)

    def _pieces(self, table: Table, turn: int, plan: Plan, columns: list[str], pieces: list[list[Row]]) -> None:
        for number, piece in enumerate(pieces, start=1):
            used = [c for c in columns if table.column(c).required or any(row.cells.get(c) for row in piece)]
            self._write(table, Draft(self._name(table, turn, str(number), plan.ending), used, piece), plan)

    def _write(self, table: Table, draft: Draft, plan: Plan) -> None:
        path = self._out / draft.name
        if draft.name.endswith(".jsonl"):
            lines = write_json_lines(draft, path, table)
        elif draft.name.endswith(".xlsx"):
            lines = write_workbook(draft, path, table)
        else:
            lines = write_delimited(draft, path, plan, HEADERS.get(table.full_name, {}) if plan.chinese else {})
        self.files.append(draft.name)
        self._report.taken(draft.name, table.full_name, draft.row_count, draft.ignored, draft.rejects(lines))

    def _parquet(self, table: Table, turn: int, rows: pa.Table) -> None:
        """Typed columns, some of them looser than the contract; a claim with a negative count is refused."""
        rejects = []
        for name in rows.column_names:
            if name in {"reported_at", "assigned_at"}:
                rows = rows.set_column(rows.column_names.index(name), name, pc.cast(rows[name], pa.string()))
            elif name == "claimed_amount":
                rows = rows.set_column(rows.column_names.index(name), name, pc.cast(rows[name], pa.float64()))
        if turn == 0 and "updates_sent" in rows.column_names:
            torn = rows.slice(0, 1)
            for name, value in ((table.key[0], "BADCLAIM1"), ("updates_sent", -1)):
                place = rows.column_names.index(name)
                torn = torn.set_column(place, name, pa.array([value], rows.schema.field(name).type))
            rows = pa.concat_tables([rows.slice(0, TORN_ROW), torn, rows.slice(TORN_ROW)])
            rejects = [Reject(TORN_ROW + 2, "updates_sent", "out_of_range")]
        name = self._name(table, turn, "1", "parquet")
        (self._out / name).parent.mkdir(parents=True, exist_ok=True)
        write_parquet(rows.combine_chunks(), self._out / name)
        self.files.append(name)
        self._report.taken(name, table.full_name, rows.num_rows, 0, rejects)

    def _bytes(self, name: str, content: bytes) -> None:
        path = self._out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files.append(name)

    def _name(self, table: Table, turn: int, part: str, ending: str) -> str:
        return f"{table.system}/{table.name}/{table.name}_{turn + 1:03d}_{part}.{ending}"


def _order(rng: np.random.Generator, table: Table, size: int) -> np.typing.NDArray[np.int64]:
    """Events as they happened; versions with every tenth one late, whichever it is."""
    numbers = np.arange(size)
    if table.load == "append":
        return numbers
    late = rng.random(size) < 1 / LATE_SHARE
    return np.concatenate([numbers[~late], numbers[late]])


def _row(cells: Cells, number: int) -> Row:
    return Row({name: texts[number] for name, texts in cells.items()})


def _samples(rows: pa.Table, size: int = SAMPLES) -> list[dict[str, str]]:
    """Rows from all over the table in plain form, with a time of day of at least a minute."""
    places = np.linspace(0, rows.num_rows - 1, 4 * size).astype(np.int64)
    cells = plain_cells(rows.take(pa.array(np.unique(places))))
    found = [{name: texts[i] for name, texts in cells.items()} for i in range(len(np.unique(places)))]
    return [row for row in found if row.get("updated_at", "00:01:00")[-8:] >= "00:01:00"][:size]


def _with_faults(table: Table, plan: Plan, pieces: list[list[Row]]) -> list[list[Row]]:
    """The pieces with one row for each fault the table can have, spread over the files."""
    base = [row.cells for row in pieces[0][: 4 * SAMPLES]]
    cells: Cells = {name: [row[name] for row in base] for name in base[0]}
    broken = [
        Row(broken_row(cells, number % len(base), table, fault, number), fault.reason, fault.column)
        for number, fault in enumerate(breakages(table))
    ]
    broken += _broken_records(table, plan, base)
    result = [spread(piece, broken[number :: len(pieces)]) for number, piece in enumerate(pieces)]
    if table.load == "append":
        result[-1] = spread(result[-1], _conflicts(table, base))
    if plan.blank_lines:
        result[0] = spread(result[0], [Row({}, BLANK), Row({}, BLANK)])
    if plan.unclosed:
        key = table.key[0]
        result[-1].append(Row({**base[0], key: "BADUNCLOSED"}, "unclosed_quote"))
    return result


def _broken_records(table: Table, plan: Plan, base: list[dict[str, str]]) -> list[Row]:
    """Faults of the record as a whole, which depend on the file's form."""
    key = table.key[0]
    if plan.ending == "jsonl":
        return [Row({**base[0], key: "BADJSON1"}, "bad_json")]
    if plan.ending == "xlsx":
        return []
    text = next((c.name for c in table.columns if c.type in {"text", "enum"} and c.required), key)
    return [
        Row({**base[1], key: "BADNUL1"}, "nul_byte", text),
        Row(
            {name: f"RAGGED{len(name) % 2}" if name == key else value for name, value in base[2].items()}, "ragged_row"
        ),
    ]


def _conflicts(table: Table, base: list[dict[str, str]]) -> list[Row]:
    """A known event with different content, and again unchanged."""
    reference = next(c.name for c in table.columns if c.required and c.type == "id" and not c.key)
    return [
        Row({**base[3], reference: "SOMEONEELSE"}, "conflicting_duplicate", table.key[0]),
        Row(base[4], IGNORED),
    ]
