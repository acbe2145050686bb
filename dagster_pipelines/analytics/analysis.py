"""The interface of an analysis: its input queries, its result tables, and the function between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Analysis:
    """One analysis: a pure function of its inputs, so equal inputs give equal results."""

    name: str
    reads: tuple[str, ...]
    """The dbt models that the queries select from, all of the layer `intermediate`."""
    inputs: Mapping[str, str]
    """Names of the inputs and their queries, each ordered by a key."""
    results: Mapping[str, pa.Schema]
    """The tables of the schema `analytics` that it writes."""
    estimate: Callable[[Tables], Tables]
