"""Generates a sample bank: the shared part, then block after block of customers, into a landing zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from needloop.contract.model import Contract, load_contract
from seeds.sample.bank import Bank, make_bank
from seeds.sample.block import block_tables
from seeds.sample.delivery.clean import CleanDelivery, Delivery, FileFormat
from seeds.sample.delivery.folder import finish, prepare
from seeds.sample.delivery.hostile import HostileDelivery
from seeds.sample.effects import Effects
from seeds.sample.errors import SampleError
from seeds.sample.experiments import experiments_tables
from seeds.sample.indicators import indicator_tables
from seeds.sample.organisation import branches_table, staff_tables
from seeds.sample.size import Size
from seeds.sample.training import appraisals_table, assessments_table, attendance_table, courses_table, enrolment_tables

DEFAULT_SEED = 20260930


@dataclass(frozen=True)
class SampleSummary:
    """What was written."""

    out: Path
    files: int
    rows: int
    """Rows of the bank, all versions counted; what a messy delivery puts in on top is not."""
    rows_by_table: dict[str, int]
    """The same for each system.table."""
    bytes: int
    """Size of all files."""
    expected: Path | None
    """Of a hostile delivery: the folder with what a loader should report about it."""


def generate(
    out: Path,
    *,
    scale: float = 1.0,
    seed: int = DEFAULT_SEED,
    file_format: FileFormat = "csv",
    messy: bool = False,
    effects: Effects | None = None,
) -> SampleSummary:
    """Writes a landing zone with all tables of the source contract; the same arguments give the same bytes.

    `scale` 1 is about 2 000 customers; up to 1 000 it costs time in proportion and no more memory. `messy` delivers the
    same rows as badly as banks do, with a mapping.yml in the zone, and writes beside it, in `<out>.expected`, what a
    loader should report. Raises SampleError when an argument or the folder is not usable.
    """
    if messy and file_format != "csv":
        raise SampleError("a messy delivery comes in every format at once; leave out --format, or leave out --messy")
    if seed < 0:
        raise SampleError(f"the seed is {seed}; choose a whole number from 0 on")
    try:
        size = Size.at(scale)
    except ValueError as error:
        raise SampleError(str(error)) from error
    out = out.absolute()
    contract = load_contract()
    description = {"scale": scale, "seed": seed, "format": "messy" if messy else file_format}
    prepare(out, description)
    delivery: Delivery = HostileDelivery(out, seed) if messy else CleanDelivery(out, file_format)
    bank = make_bank(seed, size, effects or Effects())
    for name, parts in bank_tables(bank, size, contract):
        delivery.add(contract.table(name), parts)
    delivery.close()
    finish(out, description, delivery.files)
    return SampleSummary(
        out=out,
        files=len(delivery.files),
        rows=delivery.rows.total(),
        rows_by_table=dict(sorted(delivery.rows.items())),
        bytes=sum((out / file).stat().st_size for file in delivery.files),
        expected=delivery.expected if isinstance(delivery, HostileDelivery) else None,
    )


def bank_tables(bank: Bank, size: Size, contract: Contract) -> Iterator[tuple[str, tuple[pa.Table, ...]]]:
    """Name and parts of each table, block after block; the parts are a table's versions in the order of delivery."""
    yield "org.branches", (branches_table(bank.branches, contract),)
    yield "policy.products", bank.shelf.table(contract)
    yield "training.staff", staff_tables(bank.seed, bank.staff, contract)
    yield "training.courses", (courses_table(contract),)
    yield "training.enrolments", enrolment_tables(bank.training, contract)
    yield "training.attendance", (attendance_table(bank.seed, bank.training, contract),)
    yield "training.assessments", (assessments_table(bank.seed, bank.training, contract),)
    yield "training.appraisals", (appraisals_table(bank.seed, bank.staff, bank.training, bank.effects, contract),)
    yield "experiment.experiments", experiments_tables(contract)
    yield "external.indicators", indicator_tables(bank.seed, contract)
    keys: Counter[str] = Counter()
    for block in size.blocks():
        yield from block_tables(bank, block, keys, contract)
