"""What every step of a run shares: the lock and connections it holds, when it started, the tags that steer it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from needloop.private_interfaces.dagster_storage import keep_connections
from needloop.settings import Settings
from needloop.warehouse.run_lock import run_lock

RUN_LOCK = "run_lock"
FULL_REFRESH_TAG = "needloop/full_refresh"


def run_lock_resource(settings: Settings) -> dg.ResourceDefinition:
    """The data folder's lock as a resource: held while a run's steps execute, whoever started the run.

    A run of the daemon waits for it, since nobody stands by to start it again; a command holds it already. So are
    connections to a server that keeps Dagster's history.
    """

    @dg.resource(description="one run at a time on a data folder")
    def hold(context: dg.InitResourceContext) -> Iterator[None]:
        if context.instance is not None:
            keep_connections(context.instance)
        with run_lock(settings, wait_seconds=settings.wait_for_lock_seconds):
            yield

    return hold


def run_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> dg.DagsterRun:
    """The run that the step belongs to."""
    return context.op_execution_context.run


def run_started_at(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> datetime:
    """The moment the run was started, aware, in UTC; the same for all of its steps."""
    step = context.op_execution_context
    record = step.instance.get_run_record_by_id(step.run_id)
    if record is None or record.start_time is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(record.start_time, UTC)
