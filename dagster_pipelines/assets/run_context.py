"""What every step of a run shares: the lock and connections it holds, when it started, the tags that steer it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from needloop.contract.model import load_contract
from needloop.private_interfaces.dagster_storage import keep_connections
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import run_lock
from needloop.warehouse.schema import bring_up_to_date

RUN_LOCK = "run_lock"
FULL_REFRESH_TAG = "needloop/full_refresh"


def run_lock_resource(settings: Settings) -> dg.ResourceDefinition:
    """The data folder's lock as a resource: held while a run's steps execute, whoever started the run.

    Whatever steps were selected, they find the warehouse's own tables up to date.

    A run of the daemon waits for it, since nobody stands by to start it again; a command holds it already. So are
    connections to a server that keeps Dagster's history.
    """

    @dg.resource(description="one run at a time on a data folder")
    def hold(context: dg.InitResourceContext) -> Iterator[None]:
        if context.instance is not None:
            keep_connections(context.instance)
        with run_lock(settings, wait_seconds=settings.wait_for_lock_seconds):
            with warehouse(settings) as connection:
                bring_up_to_date(connection, load_contract())
            yield

    return hold


def run_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> dg.DagsterRun:
    """The run that the step belongs to."""
    return context.op_execution_context.run


def runs_continued_by(context: dg.AssetExecutionContext) -> list[str]:
    """The run and those that it continues: what a retry or re-execution leaves out was done by them."""
    instance = context.op_execution_context.instance
    run: dg.DagsterRun | None = run_of(context)
    runs: list[str] = []
    while run is not None and run.run_id not in runs:
        runs.append(run.run_id)
        run = instance.get_run_by_id(run.parent_run_id) if run.parent_run_id else None
    return runs


def was_selected(context: dg.AssetExecutionContext) -> bool:
    """Whether somebody picked assets, checks or steps by hand, rather than launching the job as it is."""
    run = run_of(context)
    return bool(run.asset_selection or run.asset_check_selection or run.step_keys_to_execute)


def run_started_at(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> datetime:
    """The moment the run was started, aware, in UTC; the same for all of its steps."""
    step = context.op_execution_context
    record = step.instance.get_run_record_by_id(step.run_id)
    if record is None or record.start_time is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(record.start_time, UTC)
