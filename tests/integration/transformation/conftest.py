"""A bank without any row, built once: what holds for every model whatever the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from needloop.settings import Settings
from tests.integration.transformation.dbt_project import dbt, manifest
from tests.integration.transformation.raw_bank import new_bank


@dataclass(frozen=True)
class BuiltBank:
    """A warehouse after `dbt build`, with what dbt said and knows."""

    settings: Settings
    results: list[Any]
    manifest: dict[str, Any]

    def models(self) -> list[dict[str, Any]]:
        return [node for node in self.manifest["nodes"].values() if node["resource_type"] == "model"]


@pytest.fixture(scope="session")
def empty_bank(tmp_path_factory: pytest.TempPathFactory) -> BuiltBank:
    settings = new_bank(tmp_path_factory.mktemp("empty_bank"), date(2026, 9, 30))
    results = dbt(settings, "build", "--exclude-resource-type", "unit_test")
    return BuiltBank(settings, results, manifest(settings))
