"""How an asset is filed in Dagster's catalogue: its owner, its layer, the file that defines it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import dagster as dg

from dagster_pipelines.alerts.problem import OPERATIONS
from expectations.catalogue import owners

# Dagster calls code references beta. The lock file holds the version that they are tested with, so an operator need not
# read several hundred warnings of it.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*(CodeReference|source_code_references)")

LAYER = "layer"
"""The tag that says which layer an asset belongs to; its group says which source system or domain."""


def team(name: str) -> str:
    """An owner as Dagster writes it; a name in two languages keeps its English part."""
    return f"team:{name.partition(' ')[2] or name}"


def owner_of_system(system: str) -> str:
    """The team that owns what a source system delivers, as its check suite names it."""
    return team(_owners()[system])


def warehouse_team() -> str:
    """The team that owns models, statistics and reference data."""
    return team(_owners()["marts"])


def systems() -> frozenset[str]:
    """The source systems, each with its owner."""
    return frozenset(_owners()) - {"marts"}


OPERATIONS_TEAM = team(OPERATIONS)
"""Owns what the pipeline writes about itself, and publishing."""


def code_references(file: Path) -> Mapping[str, object]:
    """Metadata that links an asset to the file that defines it."""
    reference = dg.LocalFileCodeReference(file_path=str(file.resolve()))
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference])}


@cache
def _owners() -> dict[str, str]:
    return owners()
