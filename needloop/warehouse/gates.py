"""The gates between landing and publishing, written beside what they guard: which ones the warehouse has passed.

A gate is one row, replaced whenever its stage runs again. A stage that starts reopens its own gate and all later ones,
so whatever was built or checked after them no longer counts, even when the process dies at once. What is published
needs every gate, passed by the run that publishes or by one that it continues, on the data that is there now.
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
"""In the order in which a run passes them."""
_REMEDY = (
    "Nothing was published. Run `needloop run`, or launch the job `pipeline` without a selection; a run that stopped "
    "half way can also be re-executed from failure."
)


class GateClosedError(Exception):
    """What stands in the warehouse may not be published; the message says which gate, why, and what to do."""


@dataclass(frozen=True)
class Inputs:
    """What models and checks were made from; other inputs mean other numbers."""

    load_id: int
    erasures: int
    closed_quarters: int
    as_of: date
    fingerprint: str


def inputs_now(connection: duckdb.DuckDBPyConnection, as_of: date, fingerprint: str | None = None) -> Inputs:
    """What is there now; without `fingerprint` that of the program which last established the warehouse's date."""
    if fingerprint is None:
        row = connection.execute("select max(fingerprint) from pipeline.product").fetchone()
        fingerprint = str(row[0]) if row and row[0] else ""
    return Inputs(
        newest_load(connection), count_erasures(connection), count_closed_quarters(connection), as_of, fingerprint
    )


def reopen(connection: duckdb.DuckDBPyConnection, gate: Gate) -> None:
    """Call it before a stage changes or judges anything: its gate and those after it have to be passed again."""
    names = list(GATES)
    connection.execute("delete from pipeline.gates where list_contains(?, gate)", [names[names.index(gate) :]])


def record_gate(
    connection: duckdb.DuckDBPyConnection, gate: Gate, run_id: str, inputs: Inputs, *, closed_because: str | None = None
) -> None:
    """Writes the verdict on a stage, in whatever transaction is open. `closed_because` has no full stop."""
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
    """Raises GateClosedError unless each gate was passed by one of `runs` on exactly these inputs."""
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
                f"The gate `{gate}` ({title}) was passed by run {run_id[:8]}, which this run "
                f"does not continue. {_REMEDY}"
            )
        if of != inputs:
            raise GateClosedError(
                f"The gate `{gate}` ({title}) was passed on other data: {_difference(of, inputs)}. {_REMEDY}"
            )


def count_checks(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Passed and failed checks of the runs that passed the gates of raw tables and marts."""
    row = connection.execute(
        "select count(*) filter (results.passed), count(*) filter (not results.passed) "
        "from quality.check_results as results "
        "inner join pipeline.gates as gates on results.run_id = gates.run_id and results.stage = gates.gate"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _difference(then: Inputs, now: Inputs) -> str:
    said = {
        "load_id": "files were loaded since",
        "erasures": "a customer was erased since",
        "closed_quarters": "a quarter was closed since",
        "as_of": f"its date was {then.as_of}, now it is {now.as_of}",
        "fingerprint": "models, reference data, checks or the secret of the customers' keys have changed since",
    }
    return " and ".join(text for name, text in said.items() if getattr(then, name) != getattr(now, name))
