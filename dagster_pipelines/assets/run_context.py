"""What every step of a run works with: the installation and its lock, when the run started, the tags that steer it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dagster as dg

from dagster_pipelines.progress import Progress
from needloop.contract.model import load_contract
from needloop.private_interfaces.dagster_storage import keep_connections
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import run_lock
from needloop.warehouse.schema import bring_up_to_date

FULL_REFRESH_TAG = "needloop/full_refresh"


class Installation(dg.ConfigurableResource["Installation"]):
    """One data folder and its settings; its lock is held while a run's steps execute, whoever started the run.

    A run of the daemon waits for the lock, since nobody stands by to start it again; `needloop run` already holds it.
    Whatever steps were selected, they find the warehouse's own tables migrated.
    """

    settings: dg.ResourceDependency[Settings]
    progress: dg.ResourceDependency[Progress]

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Installation"]:
        """Takes the lock, and keeps connections to a server that stores Dagster's history."""
        if context.instance is not None:
            keep_connections(context.instance)
        with run_lock(self.settings, wait_seconds=self.settings.wait_for_lock_seconds):
            with warehouse(self.settings) as connection:
                bring_up_to_date(connection, load_contract())
            yield self


def installation_resource(settings: Settings, progress: Progress) -> Installation:
    """The resource `installation` of one data folder."""
    return Installation(
        settings=dg.ResourceDefinition.hardcoded_resource(settings),
        progress=dg.ResourceDefinition.hardcoded_resource(progress),
    )


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
    """Whether somebody picked assets, checks or steps by hand, rather than launching the job as it is.

    Dagster lists the steps of every run, so only a list that leaves some out is a selection.
    """
    run = run_of(context)
    steps = {node.name for node in context.op_execution_context.job_def.nodes}
    return bool(
        run.asset_selection
        or run.asset_check_selection
        or (run.step_keys_to_execute and steps.difference(run.step_keys_to_execute))
    )


def run_started_at(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> datetime:
    """The moment the run was started, aware, in UTC; the same for all of its steps."""
    step = context.op_execution_context
    record = step.instance.get_run_record_by_id(step.run_id)
    if record is None or record.start_time is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(record.start_time, UTC)
