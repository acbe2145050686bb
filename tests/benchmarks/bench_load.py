"""The loader against DuckDB's bare typed reader, on one large file of transactions as CSV and as Parquet.

    uv run python tests/benchmarks/bench_load.py [--format csv|parquet] [--rows N] [--rounds N] [--quoted]

Both read the same file into a table of a new DuckDB file, each run in a process of its own, in turns, with the same
threads and memory limit. Every pair of neighbours gives a ratio of wall times and one of CPU times; the medians count,
for other work on the machine then weighs on both sides alike. Exits 1 when the ratio of wall times, for Parquet also
that of CPU times, or the peak of resident memory is above its limit.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_pipelines.landing.load import load_landing_zone
from needloop.contract.model import load_contract
from needloop.warehouse.schema import bring_up_to_date

THREADS = 2
MEMORY_LIMIT = "4GB"
RATIO_LIMIT = 1.6
PEAK_LIMIT_BYTES = 4 * 2**30
TYPES = {
    "transaction_id": "VARCHAR",
    "customer_id": "VARCHAR",
    "account_type": "VARCHAR",
    "initiated_by": "VARCHAR",
    "occurred_at": "TIMESTAMP",
    "amount": "DECIMAL(18,2)",
    "channel": "VARCHAR",
}


FORMATS = ("csv", "parquet")


def write_transactions(file: Path, rows: int, *, quoted: bool) -> None:
    """A bank's export: running numbers as keys, in the order in which they were given; some channels are empty."""
    quoting = ", force_quote (transaction_id, customer_id, account_type, initiated_by, channel)" if quoted else ""
    form = f"header{quoting}, timestampformat '%Y-%m-%d %H:%M:%S'" if file.suffix == ".csv" else "format parquet"
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(
            f"""
            copy (
                select
                    printf('T%09d', i) as transaction_id, printf('C%09d', hash(i) % 200000) as customer_id,
                    ['deposit', 'card', 'wealth', 'loan'][cast(1 + hash(i + 1) % 4 as integer)] as account_type,
                    ['customer', 'bank'][cast(1 + hash(i + 2) % 2 as integer)] as initiated_by,
                    timestamp '2023-07-01' + to_seconds(cast(hash(i + 3) % 100000000 as integer)) as occurred_at,
                    cast((cast(hash(i + 4) % 1000000 as bigint) - 500000) / 100 as decimal(18, 2)) as amount,
                    ['alipay', 'wechat', 'app', 'pos', 'branch', null][cast(1 + hash(i + 5) % 6 as integer)] as channel
                from range({rows}) as numbers (i)
            ) to '{file}' ({form})
            """
        )


def run_bare(file: Path, database: Path) -> None:
    """DuckDB's typed reader into a table."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    reader = f"read_parquet('{file}')"
    if file.suffix == ".csv":
        reader = f"read_csv('{file}', header=true, auto_detect=false, columns={{{columns}}})"
    with _connect(database) as connection:
        connection.execute(f"create table transactions as from {reader}")


def run_loader(landing: Path, database: Path, rows: int) -> None:
    """The loader, with all its checks and records."""
    with _connect(database) as connection:
        bring_up_to_date(connection, load_contract())
        summary = load_landing_zone(
            connection,
            landing,
            batch_id="bench",
            time_zone="Asia/Shanghai",
            loaded_at=datetime(2026, 9, 30),
            scratch=database.parent / "scratch",
            max_record_bytes=16 * 2**20,
        )
    if [outcome.loaded for outcome in summary.outcomes] != [rows]:
        raise SystemExit(f"the loader took something else than {rows} rows: {summary.outcomes}")


def _connect(database: Path) -> duckdb.DuckDBPyConnection:
    spill = str(database.parent / "spill")
    return duckdb.connect(
        str(database), config={"threads": THREADS, "memory_limit": MEMORY_LIMIT, "temp_directory": spill}
    )


def measure(kind: str, landing: Path, file: Path, rows: int) -> dict[str, float]:
    """Wall and CPU seconds and the peak of resident memory of one run in this process, opening and closing included."""
    folder = Path(tempfile.mkdtemp(dir=landing.parent))
    started, cpu = time.monotonic(), os.times()
    try:
        if kind == "bare":
            run_bare(file, folder / "bench.duckdb")
        else:
            run_loader(landing, folder / "bench.duckdb", rows)
        now = os.times()
        return {
            "wall": time.monotonic() - started,
            "cpu": now.user + now.system - cpu.user - cpu.system,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Runs the comparison; see the module's text."""
    parser = argparse.ArgumentParser(description="Compares the loader with DuckDB's bare readers.")
    parser.add_argument("--format", choices=FORMATS, help="the form of the file (default: both, one after another)")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quoted", action="store_true", help="texts in quotes")
    parser.add_argument("--folder", type=Path, help="where the files are written (default: the system's)")
    parser.add_argument("--only", choices=["bare", "loader"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        file = delivered(arguments.folder, arguments.format)
        print(json.dumps(measure(arguments.only, arguments.folder / "landing", file, arguments.rows)))
        return 0
    failed = 0
    for form in [arguments.format] if arguments.format else FORMATS:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            failed |= compare(Path(folder), form, arguments.rows, arguments.rounds, quoted=arguments.quoted)
    return failed


def delivered(folder: Path, form: str) -> Path:
    """Where the file lies in its landing zone."""
    return folder / "landing" / "bank" / "transactions" / f"transactions.{form}"


def compare(folder: Path, form: str, rows: int, rounds: int, *, quoted: bool) -> int:
    """Writes the file, runs both in turns, prints what was measured; 0 when the limits hold."""
    file = delivered(folder, form)
    file.parent.mkdir(parents=True)
    write_transactions(file, rows, quoted=quoted)
    print(
        f"{rows} transactions as {form}, {file.stat().st_size / 1e6:.0f} MB, {THREADS} threads, limit {MEMORY_LIMIT}",
        flush=True,
    )
    runs: dict[str, list[dict[str, float]]] = {"bare": [], "loader": []}
    for number in range(1, rounds + 1):
        for kind, measured in runs.items():
            command = [sys.executable, __file__, "--only", kind, "--folder", str(folder), "--rows", str(rows)]
            command += ["--format", form]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
            measured.append(result)
            shown = f"wall {result['wall']:6.2f} s  cpu {result['cpu']:6.2f} s  peak {result['peak'] / 2**20:5.0f} MB"
            print(f"round {number}  {kind:6}  {shown}", flush=True)
    pairs = list(zip(runs["loader"], runs["bare"], strict=True))
    wall, cpu = (statistics.median(ours[time] / bare[time] for ours, bare in pairs) for time in ("wall", "cpu"))
    peak = max(run["peak"] for run in runs["loader"])
    print(
        f"{form}: ratio of wall times {wall:.2f}, of CPU times {cpu:.2f} (limit {RATIO_LIMIT}); "
        f"peak {peak / 2**20:.0f} MB"
    )
    within = wall <= RATIO_LIMIT and peak <= PEAK_LIMIT_BYTES and (form == "csv" or cpu <= RATIO_LIMIT)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
