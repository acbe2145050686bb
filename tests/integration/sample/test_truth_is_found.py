"""What is planted in the sample bank is what a manager is told: the weak module first, and each experiment's verdict.

The bank goes the way of a run up to the two marts: raw tables, models, statistics. Files are left out, as are accounts'
transactions, which neither mart needs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import create_result_tables, run_analysis
from dagster_pipelines.transformation.runner import DbtRunner
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date
from seeds.sample.bank import make_bank
from seeds.sample.effects import Effects
from seeds.sample.generate import DEFAULT_SEED, bank_tables
from seeds.sample.size import Size

AS_OF = date(2026, 9, 30)
NOT_NEEDED = {"bank.transactions"}
WEAK_MODULE = "clause_interpretation"

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """The loop and the results of experiments of a sample bank of scale 1."""
    settings = Settings(data=tmp_path_factory.mktemp("truth"), as_of=AS_OF, threads=2)
    _fill(settings)
    dbt = DbtRunner(settings)
    dbt.seed()
    dbt.run(["+mart_improvement_loop", "+mart_experiment_results", "+int_experiment_items"])
    with warehouse(settings) as connection:
        (experiments,) = (analysis for analysis in ANALYSES if analysis.name == "experiments")
        assert run_analysis(connection, experiments)
    dbt.run(["mart_experiment_results"])
    with warehouse(settings) as connection:
        return {
            name: connection.sql(f"select * from marts.{name}").to_arrow_table().to_pylist()
            for name in ("mart_improvement_loop", "mart_experiment_results")
        }


def _fill(settings: Settings) -> None:
    contract, size = load_contract(), Size.at(1)
    with warehouse(settings) as connection:
        bring_up_to_date(connection, contract)
        create_quality_tables(connection)
        create_result_tables(connection, ANALYSES)
        connection.execute("insert into pipeline.run_parameters values ('truth', ?, ?)", [AS_OF, AS_OF])
        for load, (name, parts) in enumerate(
            bank_tables(make_bank(DEFAULT_SEED, size, Effects()), size, contract), start=1
        ):
            if name not in NOT_NEEDED:
                for part, rows in enumerate(parts):
                    _insert(connection, contract.table(name).raw_name, rows, load * 100 + part)


def _insert(connection: duckdb.DuckDBPyConnection, raw_name: str, rows: Any, load: int) -> None:
    connection.register("delivered", rows)
    connection.execute(
        f"insert into raw.{raw_name} by name select *, 'sample' as _file, row_number() over () + 1 as _line, "
        "?::timestamp as _loaded_at, 'truth' as _batch_id, ?::bigint as _load_id from delivered",
        [datetime(2026, 10, 1), load],
    )
    connection.unregister("delivered")


def _experiment(marts: dict[str, Rows], name: str) -> dict[str, Any]:
    (found,) = (row for row in marts["mart_experiment_results"] if row["experiment_name"].startswith(name))
    return found


def test_the_loop_names_the_planted_weak_module_first(marts: dict[str, Rows]) -> None:
    first = {row["period"]: row for row in marts["mart_improvement_loop"] if row["module_rank"] == 1}
    latest = first["2026Q3"]
    assert latest["module"] == WEAK_MODULE
    assert latest["module_share"] > 0.3
    assert latest["is_handed_back_to_product"]
    assert latest["module_mastery_rate"] < 0.1
    # A quarter of this small bank has about forty excess events, so that in some another module is ahead by chance.
    assert sum(row["module"] == WEAK_MODULE for row in first.values()) > len(first) / 2


def test_the_experiment_that_works_is_better(marts: dict[str, Rows]) -> None:
    works = _experiment(marts, "E1")
    assert (works["verdict"], works["is_small"]) == ("better", False)
    assert works["ci_low"] > 0
    assert works["p"] < 0.001


def test_the_experiment_without_effect_shows_no_difference_and_what_it_could_have_found(
    marts: dict[str, Rows],
) -> None:
    null = _experiment(marts, "E2")
    assert null["verdict"] == "no_difference_shown"
    assert null["ci_low"] < 0 < null["ci_high"]
    assert 0 < null["minimal_detectable_effect"] < 0.2


def test_the_experiment_with_a_broken_ratio_is_invalid(marts: dict[str, Rows]) -> None:
    broken = _experiment(marts, "E3")
    assert broken["verdict"] == "invalid"
    assert broken["srm_p"] < 0.001
    assert broken["units_treatment"] > 1.3 * broken["units_control"]


def test_the_experiment_that_runs_has_no_p(marts: dict[str, Rows]) -> None:
    running = _experiment(marts, "E4")
    assert (running["verdict"], running["p"], running["ci_low"]) == ("running", None, None)
