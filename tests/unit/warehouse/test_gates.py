"""What may be published: every gate passed, by this run or one that it continues, on what is there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from needloop.contract.model import load_contract
from needloop.warehouse.gates import GATES, Gate, GateClosedError, inputs_now, record_gate, require_gates, reset_from
from needloop.warehouse.schema import bring_up_to_date

AS_OF = date(2026, 9, 30)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which one run has passed every gate."""
    with duckdb.connect() as opened:
        bring_up_to_date(opened, load_contract())
        for gate in GATES:
            record_gate(opened, gate, "run-a", inputs_now(opened, AS_OF, "f"))
        yield opened


def test_a_run_that_passed_every_gate_may_publish(connection: duckdb.DuckDBPyConnection) -> None:
    require_gates(connection, ["run-a"], inputs_now(connection, AS_OF, "f"))


def test_a_run_may_publish_what_the_run_that_it_continues_has_passed(connection: duckdb.DuckDBPyConnection) -> None:
    record_gate(connection, "results", "retry", inputs_now(connection, AS_OF, "f"))
    require_gates(connection, ["retry", "run-a"], inputs_now(connection, AS_OF, "f"))
    with pytest.raises(GateClosedError, match=r"`raw` .* by run run-a, but this run is not a continuation"):
        require_gates(connection, ["retry"], inputs_now(connection, AS_OF, "f"))


@pytest.mark.parametrize("gate", GATES)
def test_each_closed_gate_keeps_a_release_back(connection: duckdb.DuckDBPyConnection, gate: Gate) -> None:
    record_gate(connection, gate, "run-a", inputs_now(connection, AS_OF, "f"), closed_because="7 rows are wrong")
    with pytest.raises(GateClosedError, match=rf"`{gate}` .* is closed: 7 rows are wrong\. .*Run `needloop run`"):
        require_gates(connection, ["run-a"], inputs_now(connection, AS_OF, "f"))


@pytest.mark.parametrize("gate", GATES)
def test_a_stage_that_starts_takes_back_its_gate_and_all_later_ones(
    connection: duckdb.DuckDBPyConnection, gate: Gate
) -> None:
    reset_from(connection, gate)
    left = {name for (name,) in connection.execute("select gate from pipeline.gates").fetchall()}
    assert left == set(list(GATES)[: list(GATES).index(gate)])
    with pytest.raises(GateClosedError, match=rf"`{gate}` .* has not been passed since"):
        require_gates(connection, ["run-a"], inputs_now(connection, AS_OF, "f"))


def test_gates_passed_on_other_data_do_not_count(connection: duckdb.DuckDBPyConnection) -> None:
    now = inputs_now(connection, AS_OF, "f")
    others = {
        "files were loaded": replace(now, load_id=1),
        "a customer was erased": replace(now, erasures=1),
        "a quarter was closed": replace(now, closed_quarters=1),
        "as_of was 2026-09-30 and is now 2026-10-01": replace(now, as_of=date(2026, 10, 1)),
        "models, reference data, checks": replace(now, fingerprint="g"),
    }
    for said, inputs in others.items():
        with pytest.raises(GateClosedError, match=said):
            require_gates(connection, ["run-a"], inputs)
