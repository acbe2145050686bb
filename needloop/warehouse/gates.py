"""The gates between landing and publishing, stored in the warehouse next to the data they guard.

A gate is one row, replaced whenever its stage runs again. A stage that starts resets its own gate and all later ones,
so anything built or checked after them no longer counts, even if the process dies right away. Publishing requires every
gate to be passed by the publishing run, or by a run that it continues, on the current data.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from needloop.warehouse.builds import count_closed_quarters, count_erasures, newest_load

Gate = Literal["raw", "models", "analytics", "statistics", "marts", "results"]
GATES: dict[Gate, str] = {
    "raw": "the checks of the raw tables",
    "models": "the models and their data tests",
    "analytics": "the statistics",
    "statistics": "the marts of statistics and their data tests",
    "marts": "the checks of the marts",
    "results": "the marts of check results",
}
"""In the order of a run."""
_REMEDY = (
    "Nothing was published. Run `needloop run`, or launch the job `pipeline` without a selection; an interrupted run "
    "can also be re-executed from failure."
)


class GateClosedError(Exception):
    """The warehouse may not be published; the message says which gate is closed, why, and what to do."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of models and checks: different inputs mean different numbers."""

    load_id: int
    erasures: int
    closed_quarters: int
    as_of: date
    fingerprint: str


def inputs_now(connection: duckdb.DuckDBPyConnection, as_of: date, fingerprint: str | None = None) -> Inputs:
    """The current inputs; `fingerprint` defaults to that of the program that last set the warehouse's date."""
    if fingerprint is None:
        row = connection.execute("select max(fingerprint) from pipeline.product").fetchone()
        fingerprint = str(row[0]) if row and row[0] else ""
    return Inputs(
        newest_load(connection), count_erasures(connection), count_closed_quarters(connection), as_of, fingerprint
    )


def reset_from(connection: duckdb.DuckDBPyConnection, gate: Gate) -> None:
    """Reset a gate and all later ones. Call it before a stage changes or checks anything."""
    names = list(GATES)
    connection.execute("delete from pipeline.gates where list_contains(?, gate)", [names[names.index(gate) :]])


def record_gate(
    connection: duckdb.DuckDBPyConnection, gate: Gate, run_id: str, inputs: Inputs, *, closed_because: str | None = None
) -> None:
    """Record a stage's result, in whatever transaction is open. `closed_because` has no full stop."""
    connection.execute("delete from pipeline.gates where gate = ?", [gate])
    connection.execute(
        "insert into pipeline.gates (gate, run_id, passed, reason, load_id, erasures, closed_quarters, as_of, "
        "fingerprint) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            gate,
            run_id,
            closed_because is None,
            closed_because,
            inputs.load_id,
            inputs.erasures,
            inputs.closed_quarters,
            inputs.as_of,
            inputs.fingerprint,
        ],
    )


def require_gates(connection: duckdb.DuckDBPyConnection, runs: Collection[str], inputs: Inputs) -> None:
    """Raise GateClosedError unless each gate was passed by one of `runs` on exactly these inputs."""
    rows = connection.execute(
        "select gate, run_id, passed, reason, load_id, erasures, closed_quarters, as_of, fingerprint "
        "from pipeline.gates"
    ).fetchall()
    passed = {gate: (run_id, was_passed, reason, Inputs(*of)) for gate, run_id, was_passed, reason, *of in rows}
    for gate, title in GATES.items():
        if gate not in passed:
            raise GateClosedError(f"The gate `{gate}` ({title}) has not been passed since the data changed. {_REMEDY}")
        run_id, was_passed, reason, of = passed[gate]
        if not was_passed:
            raise GateClosedError(f"The gate `{gate}` ({title}) is closed: {reason}. {_REMEDY}")
        if run_id not in runs:
            raise GateClosedError(
                f"The gate `{gate}` ({title}) was passed by run {run_id[:8]}, but this run "
                f"is not a continuation of it. {_REMEDY}"
            )
        if of != inputs:
            raise GateClosedError(
                f"The gate `{gate}` ({title}) was passed on different data: {_difference(of, inputs)}. {_REMEDY}"
            )


def count_checks(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Numbers of passed and failed checks in the runs that passed the raw and marts gates."""
    row = connection.execute(
        "select count(*) filter (results.passed), count(*) filter (not results.passed) "
        "from quality.check_results as results "
        "inner join pipeline.gates as gates on results.run_id = gates.run_id and results.stage = gates.gate"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _difference(then: Inputs, now: Inputs) -> str:
    changes = {
        "load_id": "files were loaded since",
        "erasures": "a customer was erased since",
        "closed_quarters": "a quarter was closed since",
        "as_of": f"as_of was {then.as_of} and is now {now.as_of}",
        "fingerprint": "models, reference data, checks or the customer key secret changed since",
    }
    return " and ".join(text for name, text in changes.items() if getattr(then, name) != getattr(now, name))
