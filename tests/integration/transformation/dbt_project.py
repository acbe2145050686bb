"""dbt on a test's warehouse: invoked as its command line would be, inside this process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from dagster_pipelines.transformation.project import dbt_environment, manifest_file, parsed_manifest, project_flags
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse


def target(settings: Settings) -> Path:
    """Where dbt writes what it makes of the project."""
    return settings.data / "dbt_target"


def dbt(settings: Settings, *arguments: str) -> list[Any]:
    """The results of a dbt command, one a node; fails the test when dbt could not start."""
    os.environ.update(dbt_environment(settings))
    runner = dbtRunner(manifest=parsed_manifest(settings))  # parsing anew would take longer than most builds
    with warehouse(settings):  # dbt opens and closes the database for most nodes otherwise
        outcome = runner.invoke(["--log-level", "none", *arguments, *project_flags(target(settings))])
    assert outcome.exception is None, outcome.exception
    result: Any = outcome.result
    return list(result.results)


def not_passed(results: list[Any]) -> list[tuple[str, str, str]]:
    """(node, status, message) of what failed or was skipped; exposures are never run."""
    fine = {"success", "pass", "no-op"}
    return [(r.node.name, str(r.status), r.message or "") for r in results if r.status not in fine]


def manifest(settings: Settings) -> dict[str, Any]:
    """What dbt knows of the project."""
    loaded: dict[str, Any] = json.loads(manifest_file(settings).read_text("utf-8"))
    return loaded
