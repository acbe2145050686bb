"""dagster_errors.py: what a step raised, found within what Dagster wraps around it."""

from __future__ import annotations

import dagster as dg
import pytest

from needloop.private_interfaces.dagster_errors import error_of, innermost


@dg.op
def _fails() -> None:
    raise ValueError("the cause")


@dg.resource
def _cannot_start(_: dg.InitResourceContext) -> None:
    raise ValueError("the cause")


@dg.op(required_resource_keys={"broken"})
def _needs_a_resource() -> None: ...


@dg.job
def _with_a_step() -> None:
    _fails()


@dg.job(resource_defs={"broken": _cannot_start})
def _with_a_resource() -> None:
    _needs_a_resource()


@pytest.mark.parametrize("job", [_with_a_step, _with_a_resource], ids=["step", "resource"])
def test_the_cause_is_found(job: dg.JobDefinition) -> None:
    result = job.execute_in_process(raise_on_error=False)
    errors = [error for event in result.all_events if event.is_failure if (error := error_of(event)) is not None]
    assert errors, "a failed event carries no SerializableErrorInfo: a failed run would be reported without its cause"
    assert innermost(errors[0]).cls_name == "ValueError", (
        "Dagster wraps errors in a class that WRAPPERS does not name: the pager and the command line show Dagster's "
        "sentence instead of the cause, and no remedy. Add the class."
    )
