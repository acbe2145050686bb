"""Kills runs at random instants and shows that nothing is lost: `python tests/end_to_end/chaos.py --kills 30`.

A sample bank is delivered in as many portions as there are kills. After each delivery a run is started and killed
(SIGKILL, the whole process group) in one of its phases, each phase as often as any other: once the step before has
ended, at an instant drawn over half the time that the step took in an undisturbed run (a portion takes less than the
whole bank). All the while a reader opens what
is published and checks that it is one whole release. At the end one run is left alone; its numbers must equal those
of a bank that was loaded without any disturbance, and every delivered row must be accounted for.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

AS_OF = "2026-09-30"
_STEP_ENDED = re.compile(r"^([A-Z][\w ]+): (\d+\.\d) s$", re.MULTILINE)
STEPS = {
    "Landing zone": "landing",
    "Date of the warehouse": "checks",
    "Checks of the raw tables": "checks",
    "Models": "models",
    "Statistics": "statistics",
    "Marts of statistics": "statistics",
    "Checks of the marts": "checks",
    "Publish": "publish",
    "Report": "report",
}
"""The steps of a run in their order, as it names them when they have ended, and the phase that each belongs to."""
PHASES = tuple(dict.fromkeys(STEPS.values()))
OUTLIVED = "ended before the kill"
# Watching must not take the machine from what is watched.
_LISTEN_EVERY = 0.02
_LOOK_EVERY = 0.2
NEEDLOOP = Path(sys.executable).with_name("needloop")


@dataclass
class Observed:
    """What the reader saw: how often it looked, which releases, and everything that was not whole."""

    looks: int = 0
    releases: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Calm:
    """A sample bank that was loaded and published without any disturbance."""

    bank: Path
    """Its landing zone."""
    data: Path
    lengths: dict[str, float]
    """About how many seconds each step takes, the first one from the start of the run."""


@dataclass
class Result:
    """The outcome of the whole exercise."""

    kills_by_phase: Counter[str]
    """Kills by the phase in which they fell; OUTLIVED are runs that were faster than the kill."""
    observed: Observed
    differing_numbers: int
    lost_rows: int
    exit_code: int

    @property
    def well(self) -> bool:
        return not (self.observed.faults or self.differing_numbers or self.lost_rows or self.exit_code)


def disturb(work: Path, calm: Calm, kills: int, seed: int, phases: tuple[str, ...] = PHASES) -> Result:
    """Loads the calm one's bank again, in the folder `work`; kills fall into the phases in turn."""
    chance, portions = random.Random(seed), kills + 1
    landing, data = work / "landing", work / "disturbed"
    observed, stop = Observed(), threading.Event()
    reader = threading.Thread(target=_watch, args=(data, observed, stop))
    reader.start()
    killed: Counter[str] = Counter()
    try:
        for portion in range(kills):
            _deliver(calm.bank, landing, portion, portions)
            phase = phases[portion % len(phases)]
            step = chance.choice([name for name, of in STEPS.items() if of == phase and name in calm.lengths])
            killed[_run_and_kill(landing, data, step, chance.uniform(0, calm.lengths[step] / 2))] += 1
        _deliver(calm.bank, landing, kills, portions)
        exit_code = _run_to_the_end(landing, data)
    finally:
        stop.set()
        reader.join()
    return Result(
        kills_by_phase=killed,
        observed=observed,
        differing_numbers=_differing_numbers(calm.data, data),
        lost_rows=_lost_rows(calm.bank, data),
        exit_code=exit_code,
    )


def _deliver(bank: Path, landing: Path, portion: int, portions: int) -> None:
    """Puts the portion-th slice of every file of the bank into the landing zone, as a file of its own."""
    for file in sorted(bank.glob("*/*/*.csv")):
        with file.open(encoding="utf-8", newline="") as delivered:
            header, *records = csv.reader(delivered)
        first, end = len(records) * portion // portions, len(records) * (portion + 1) // portions
        if first < end:
            target = landing / file.relative_to(bank).parent / f"{file.stem}_{portion:03d}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w", encoding="utf-8", newline="") as slice_of_it:
                csv.writer(slice_of_it).writerows([header, *records[first:end]])


def _command(landing: Path, data: Path) -> list[str]:
    return [str(NEEDLOOP), "run", "--landing", str(landing), "--data", str(data), "--as-of", AS_OF]


def _run_to_the_end(landing: Path, data: Path) -> int:
    run = subprocess.run(_command(landing, data), capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stdout[-3000:], run.stderr[-3000:], file=sys.stderr)
    return run.returncode


def undisturbed(work: Path, scale: float) -> Calm:
    """Makes a sample bank of that size in the folder `work`, and publishes it; no length is below a tenth of a second.

    Raises AssertionError when that run failed.
    """
    landing, data = work / "bank", work / "calm"
    subprocess.run([NEEDLOOP, "sample", "--out", landing, "--scale", str(scale)], check=True, capture_output=True)
    with tempfile.NamedTemporaryFile("w+") as said:
        started, first = time.monotonic(), next(iter(STEPS))
        run = subprocess.Popen(_command(landing, data), stdout=said, stderr=said)
        while run.poll() is None and _step_at_work(Path(said.name).read_text("utf-8")) == first:
            time.sleep(_LISTEN_EVERY)
        first_took = time.monotonic() - started
        run.wait()
        text = Path(said.name).read_text("utf-8")
    if run.returncode:
        raise AssertionError(f"the undisturbed run failed: {text[-3000:]}")
    told = {_step(name): float(seconds) for name, seconds in _STEP_ENDED.findall(text)}
    lengths = {step: max(told.get(step, 0.0), 0.1) for step in STEPS} | {first: first_took}
    return Calm(landing, data, lengths)


def _step(name: str) -> str:
    return "Report" if name.startswith("Report") else name


def _step_at_work(said: str) -> str:
    """The step that comes after the last one that has ended."""
    names = list(STEPS)
    ended = [_step(name) for name, _ in _STEP_ENDED.findall(said) if _step(name) in STEPS]
    return names[min(names.index(ended[-1]) + 1, len(names) - 1)] if ended else names[0]


def _run_and_kill(landing: Path, data: Path, step: str, after: float) -> str:
    """Starts a run, kills it so many seconds after the step has begun; returns the phase in which it died."""
    with tempfile.NamedTemporaryFile("w+") as said:
        run = subprocess.Popen(_command(landing, data), stdout=said, stderr=said, start_new_session=True)
        told, names = Path(said.name), list(STEPS)
        while run.poll() is None and names.index(_step_at_work(told.read_text("utf-8"))) < names.index(step):
            time.sleep(_LISTEN_EVERY)
        try:
            run.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        return STEPS[_step_at_work(told.read_text("utf-8"))] if run.returncode < 0 else OUTLIVED


def _watch(data: Path, observed: Observed, stop: threading.Event) -> None:
    while not stop.is_set():
        if (data / "current").exists():
            _look(data, observed)
        time.sleep(_LOOK_EVERY)


def _look(data: Path, observed: Observed) -> None:
    try:
        release = (data / "current").resolve(strict=True)
        note = json.loads((release / "release.json").read_text("utf-8"))
        with duckdb.connect(str(release / "needloop_marts.duckdb"), read_only=True) as reader:
            held = reader.execute("select release_id from marts.release_info").fetchall()
            counts = {t: reader.execute(f"select count(*) from marts.{t}").fetchall() for t in note["tables"]}
            rows = {table: count for table, [(count,)] in counts.items()}
        if held != [(release.name,)] or rows != note["tables"]:
            observed.faults.append(f"{release.name} is not whole: {held}, {rows}")
        observed.looks += 1
        observed.releases.add(release.name)
    except (OSError, duckdb.Error, ValueError) as error:
        observed.faults.append(repr(error))


def _count(reader: duckdb.DuckDBPyConnection, table: str) -> int:
    row = reader.execute(f"select count(*) from marts.{table}").fetchone()
    return int(row[0]) if row else -1


def _differing_numbers(calm: Path, disturbed: Path) -> int:
    file = Path("current") / "needloop_marts.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{calm / file}' as calm (read_only)")
        connection.execute(f"attach '{disturbed / file}' as disturbed (read_only)")
        row = connection.execute(
            "select count(*) from ((from calm.marts.metric_values except all from disturbed.marts.metric_values) "
            "union all (from disturbed.marts.metric_values except all from calm.marts.metric_values))"
        ).fetchone()
        some = connection.execute("select count(*) from calm.marts.metric_values").fetchone()
    if not some or not some[0]:
        raise AssertionError("the undisturbed bank has no numbers to compare with")
    return int(row[0]) if row else -1


def _lost_rows(bank: Path, data: Path) -> int:
    """Rows of the bank that are neither in raw, nor ignored, nor rejected."""
    with duckdb.connect(str(data / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        lost = 0
        for file in sorted({f.parent for f in bank.glob("*/*/*.csv")}):
            table = f"{file.parent.name}.{file.name}"
            row = connection.execute(
                "select (select count(*) from read_csv(?, all_varchar = true, union_by_name = true)), "
                "coalesce(sum(rows_in_file), 0), coalesce(sum(loaded), 0), coalesce(sum(ignored + rejected), 0), "
                f"(select count(*) from raw.{table.replace('.', '__')}) from landing.loads where table_name = ?",
                [str(file / "*.csv"), table],
            ).fetchone()
            delivered, in_files, loaded, refused, raw = row or (0, 0, 0, 0, 0)
            lost += abs(delivered - in_files) + abs(in_files - loaded - refused) + abs(raw - loaded)
        return int(lost)


def main() -> None:
    """Prints the outcome as a table; exit code 1 when anything was lost, half or different."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--kills", type=int, default=30)
    arguments.add_argument("--scale", type=float, default=0.2)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="needloop-chaos-"))
    try:
        result = disturb(work, undisturbed(work, given.scale), given.kills, given.seed)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for phase in PHASES:
        print(f"{result.kills_by_phase[phase]:5} kills in {phase}")
    print(f"{result.kills_by_phase[OUTLIVED]:5} runs that {OUTLIVED}")
    print(f"{result.observed.looks:5} looks at the published release, {len(result.observed.releases)} releases seen")
    print(f"{len(result.observed.faults):5} half releases or failed looks {result.observed.faults[:3]}")
    print(f"{result.differing_numbers:5} numbers that differ from an undisturbed run's")
    print(f"{result.lost_rows:5} lost rows; the last run ended with exit code {result.exit_code}")
    sys.exit(0 if result.well else 1)


if __name__ == "__main__":
    main()
