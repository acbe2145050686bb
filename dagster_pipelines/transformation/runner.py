"""Runs dbt in this process on the parsed manifest, so that a call costs little more than its SQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dagster_pipelines.transformation.project import (
    TransformationError,
    dbt_environment,
    parsed_manifest,
    project_flags,
)
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse

# Keys of staging and intermediate models follow from their SQL: the test suite proves them on whole banks. A run
# tests what it publishes and the identities between layers; the delivered data has its own checks before the models.
FOLDERS_NOT_TESTED_IN_A_RUN = ("models/staging", "models/intermediate")


_NOT_IN_A_RUN = tuple(f"path:{folder},resource_type:test" for folder in FOLDERS_NOT_TESTED_IN_A_RUN)


@dataclass(frozen=True)
class NodeResult:
    """The result of one seed, model or test."""

    unique_id: str
    status: str
    """dbt's word: success, no-op, pass, warn, fail, error, skipped."""
    message: str
    seconds: float
    failures: int

    @property
    def is_test(self) -> bool:
        """Whether the node is a data test."""
        return self.unique_id.startswith("test.")

    @property
    def broken(self) -> bool:
        """Whether a seed or model failed, or a test could not run."""
        return self.status in {"error", "runtime error"}

    @property
    def was_built(self) -> bool:
        """Whether the node is a seed or model that was built, or is current."""
        return not self.is_test and self.status in {"success", "no-op"}

    @property
    def was_skipped(self) -> bool:
        """Whether the node was skipped because a model or data test upstream failed."""
        return self.status == "skipped"

    @property
    def found_wrong_rows(self) -> bool:
        """Whether the node is a data test that ran and did not pass."""
        return self.status in {"fail", "warn"}


class DbtRunner:
    """dbt on one warehouse. Connections are dbt's own and closed after each call."""

    def __init__(self, settings: Settings) -> None:
        os.environ.update(dbt_environment(settings))
        self._target: Path = settings.data / "dbt"
        self._manifest = parsed_manifest(settings)
        self._settings = settings

    def build(self, select: Sequence[str] | None = None, exclude: str | None = None) -> list[NodeResult]:
        """Builds the selected nodes, all when None, less the excluded, with the data tests that guard what is shown.

        Raises TransformationError when dbt could not start or a seed or model failed.
        Failed data tests are in the result.
        """
        left_out = [*_NOT_IN_A_RUN, exclude] if exclude else _NOT_IN_A_RUN
        arguments = ["build", "--exclude-resource-type", "unit_test", "--exclude", *left_out]
        if select is not None:
            arguments += ["--select", *select]
        return self._invoke(arguments)

    def build_exactly(self, select: Sequence[str]) -> list[NodeResult]:
        """Builds the selected nodes and runs the selected data tests, and no other; raises as build does."""
        exactly = ["--indirect-selection", "empty", "--exclude-resource-type", "unit_test"]
        return self._invoke(["build", *exactly, "--select", *select])

    def run(self, select: Sequence[str]) -> list[NodeResult]:
        """Builds the selected models without their tests; raises TransformationError as build does."""
        return self._invoke(["run", "--select", *select])

    def seed(self) -> list[NodeResult]:
        """Loads the reference data alone; raises TransformationError as build does."""
        return self._invoke(["seed"])

    def _invoke(self, arguments: Sequence[str]) -> list[NodeResult]:
        from dbt.cli.main import dbtRunner  # noqa: PLC0415 - slow import

        from needloop.private_interfaces.dbt_events import warnings_and_errors_only  # noqa: PLC0415 - as slow

        flags = [*project_flags(self._target), "--threads", str(self._settings.threads)]
        # dbt closes its connection whenever no node is at work, and opening the database again costs as much as a small
        # model: this connection keeps the database open in between.
        with warehouse(self._settings), warnings_and_errors_only():
            outcome = dbtRunner(manifest=self._manifest).invoke(
                ["--log-level", "none", "--no-write-json", *arguments, *flags]
            )
        results = _node_results(outcome.result)
        broken = [r for r in results if r.broken]
        if broken:
            raise TransformationError(_describe(broken))
        if outcome.exception is not None:
            raise TransformationError(f"dbt stopped: {outcome.exception}. Run `needloop doctor` and fix what it names.")
        return results


@cache
def dbt_runner(settings: Settings) -> DbtRunner:
    """The runner of this process for these settings: parsed once, warm from then on."""
    return DbtRunner(settings)


def _node_results(result: Any) -> list[NodeResult]:
    return [
        NodeResult(
            unique_id=r.node.unique_id,
            status=r.status.value,
            message=r.message or "",
            seconds=r.execution_time,
            failures=r.failures or 0,
        )
        for r in getattr(result, "results", ())
    ]


def _describe(broken: Sequence[NodeResult]) -> str:
    first = broken[0]
    others = f" {len(broken) - 1} other nodes failed too." if len(broken) > 1 else ""
    return (
        f"dbt could not build {first.unique_id}: {' '.join(first.message.split())}.{others} "
        "Nothing was published. Fix the model or raise the memory or disk limit it names, then run again."
    )
