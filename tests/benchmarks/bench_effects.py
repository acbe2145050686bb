"""Does the estimate of training effects find what is planted, and nothing where nothing is? `make effects-check`.

For each seed two sample banks are made, with and without planted training effects, and each goes the way of a run: raw
tables, models up to the effect panel, estimate. Files are left out, and so is every table that the panel does not need.

The planted effects are factors on hours, hazards and chances, not effects on a person's month. What they come to is
counted: the mean over the months of trained persons in the bank with them, less that in the bank without, over all
seeds.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from dagster_pipelines.analytics import training_effects
from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import create_result_tables
from dagster_pipelines.transformation.runner import DbtRunner
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import PROJECT_ROOT, Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date
from seeds.sample.bank import make_bank
from seeds.sample.effects import Effects
from seeds.sample.generate import bank_tables
from seeds.sample.size import Size

AS_OF = date(2026, 9, 30)
DOCUMENT = PROJECT_ROOT / "docs" / "training-effects.md"
BEGIN, END = "<!-- effects-check: begin -->", "<!-- effects-check: end -->"
NEEDED = {
    "org.branches", "training.staff", "training.enrolments", "training.courses", "policy.products", "crm.customers",
    "policy.policies", "policy.premiums", "crm.opportunities", "complaint.complaints", "crm.interactions",
    "crm.surveys", "crm.needs",
}  # fmt: skip
WITHOUT = replace(
    Effects(),
    training_complaint_factor=1.0,
    training_second_sale_uplift=0.0,
    training_response_factor=1.0,
    training_step_factor=1.0,
    training_csat_uplift=0.0,
    training_lapse_factor=1.0,
    training_appraisal_uplift=0.0,
)
"""The same bank in which the training changes nothing; product and module weaknesses stay."""


@dataclass(frozen=True)
class Finding:
    """One bank's estimate of one outcome."""

    seed: int
    outcome: str
    planted: bool
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    reason: str | None
    trained_mean: float
    """Mean over the months of trained persons since; with and without effects the difference is what was planted."""


def main() -> None:
    """Runs the check and prints the table; with --write it goes into docs/training-effects.md."""
    arguments = _arguments()
    findings: list[Finding] = []
    for seed in range(1, arguments.seeds + 1):
        for planted in (True, False):
            started = time.perf_counter()
            findings += findings_of(seed, arguments.scale, planted=planted, threads=arguments.threads)
            print(
                f"seed {seed}, {'with' if planted else 'without'} effects: {time.perf_counter() - started:.0f} s",
                flush=True,
            )
    text = "\n".join(table(findings, arguments.scale))
    print(text)
    if arguments.write:
        before, rest = DOCUMENT.read_text("utf-8").split(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")


def findings_of(seed: int, scale: float, *, planted: bool, threads: int) -> list[Finding]:
    """Estimates of all outcomes on one bank."""
    folder = Path(tempfile.mkdtemp(prefix="effects-"))
    try:
        panel = _panel(folder, seed, scale, Effects() if planted else WITHOUT, threads)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    effects, _ = training_effects.training_effects({"panel": panel})
    frame = panel.to_pandas()
    since = frame[(frame.treated_from_month > 0) & (frame.month_number >= frame.treated_from_month)]
    return [
        Finding(
            seed=seed,
            outcome=row["outcome"],
            planted=planted,
            estimate=row["estimate"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            p=row["p"],
            reason=row["reason_not_shown"],
            trained_mean=float(since[row["outcome"]].mean()),
        )
        for row in effects.to_pylist()
    ]


def _panel(folder: Path, seed: int, scale: float, effects: Effects, threads: int) -> pa.Table:
    settings = Settings(data=folder, as_of=AS_OF, threads=threads)
    contract = load_contract()
    with warehouse(settings) as connection:
        bring_up_to_date(connection, contract)
        create_quality_tables(connection)
        create_result_tables(connection, ANALYSES)
        connection.execute("insert into pipeline.run_parameters values ('effects', ?, ?)", [AS_OF, AS_OF])
        size = Size.at(scale)
        for load, (name, parts) in enumerate(bank_tables(make_bank(seed, size, effects), size, contract), start=1):
            if name in NEEDED:
                for part, rows in enumerate(parts):
                    _insert(connection, contract.table(name).raw_name, rows, load * 100 + part)
    gc.collect()
    dbt = DbtRunner(settings)
    dbt.seed()
    dbt.run(["+int_effect_panel"])
    with warehouse(settings) as connection:
        return connection.sql(training_effects.INPUTS["panel"]).to_arrow_table()


def _insert(connection: duckdb.DuckDBPyConnection, raw_name: str, rows: pa.Table, load: int) -> None:
    connection.register("delivered", rows)
    connection.execute(
        f"insert into raw.{raw_name} by name select *, 'sample' as _file, row_number() over () + 1 as _line, "
        "?::timestamp as _loaded_at, 'effects' as _batch_id, ?::bigint as _load_id from delivered",
        [datetime(2026, 10, 1), load],
    )
    connection.unregister("delivered")


def table(findings: list[Finding], scale: float) -> Iterator[str]:
    """The table for the docs, a line an outcome."""
    seeds = len({f.seed for f in findings})
    yield f"Sample banks of scale {scale:g}, {seeds} seeds, with and without planted effects."
    yield ""
    yield (
        "| outcome | planted effect | mean estimate | covered by the 95 % interval | found (p < 0.05) | wrong sign "
        "| called significant without effect | not shown: with, without |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for outcome in training_effects.OUTCOMES:
        yield _line(outcome, [f for f in findings if f.outcome == outcome])


def _line(outcome: str, findings: list[Finding]) -> str:
    planted, plain = ([f for f in findings if f.planted is there] for there in (True, False))
    truth = float(np.mean([f.trained_mean for f in planted]) - np.mean([f.trained_mean for f in plain]))
    shown = [f for f in planted if f.reason is None]
    found = [f for f in shown if f.p is not None and f.p < 0.05]
    # an interval is right or wrong whether or not the trends before training let it be shown
    intervals = [(f.ci_low, f.ci_high) for f in planted if f.ci_low is not None and f.ci_high is not None]
    covered = [low for low, high in intervals if low <= truth <= high]
    wrong = [f for f in found if f.estimate is not None and f.estimate * truth < 0]
    false_alarms = [f for f in plain if f.reason is None and f.p is not None and f.p < 0.05]
    estimates = [f.estimate for f in shown if f.estimate is not None]
    return (
        f"| `{outcome}` | {truth:+.3f} | {np.mean(estimates) if estimates else float('nan'):+.3f} "
        f"| {len(covered)} of {len(intervals)} | {len(found)} of {len(shown)} | {len(wrong)} | "
        f"{len(false_alarms)} of {len(plain)} "
        f"| {len(planted) - len(shown)}, {sum(f.reason is not None for f in plain)} |"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="banks with and banks without effects")
    parser.add_argument("--scale", type=float, default=20.0, help="scale of the sample banks")
    parser.add_argument("--threads", type=int, default=2, help="DuckDB's threads")
    parser.add_argument("--write", action="store_true", help=f"write the table into {DOCUMENT.name}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
