"""What an analysis is to the pipeline: queries that it reads, tables that it gives, and the function between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Analysis:
    """One analysis. It depends on nothing but its inputs, so the same inputs give the same results."""

    name: str
    reads: tuple[str, ...]
    """The dbt models that the queries select from, all of the layer `intermediate`."""
    inputs: Mapping[str, str]
    """Names of the inputs and their queries, each ordered by a key."""
    results: Mapping[str, pa.Schema]
    """The tables of the schema `analytics` that it gives."""
    estimate: Callable[[Tables], Tables]
