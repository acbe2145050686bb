"""Which runs count as a selection: Dagster lists the steps of every run, also of one launched as it is."""

from pathlib import Path
from typing import Any

import dagster as dg

from dagster_pipelines.assets.run_context import was_selected


def said(tmp_path: Path, **launched: Any) -> list[bool]:
    answers = []

    @dg.asset
    def first(context: dg.AssetExecutionContext) -> None:
        answers.append(was_selected(context))

    @dg.asset(deps=[first])
    def second(context: dg.AssetExecutionContext) -> None:
        answers.append(was_selected(context))

    definitions = dg.Definitions([first, second], jobs=[dg.define_asset_job("all_of_it")])
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        job = definitions.resolve_job_def("all_of_it")
        assert job.execute_in_process(instance=instance, **launched).success
    return answers


def test_a_job_launched_as_it_is_is_no_selection(tmp_path: Path) -> None:
    assert said(tmp_path) == [False, False]


def test_picked_assets_are_a_selection(tmp_path: Path) -> None:
    assert said(tmp_path, asset_selection=[dg.AssetKey("second")]) == [True]
