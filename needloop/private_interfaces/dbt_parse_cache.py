"""The manifest as dbt's own object, for the in-process runner.

Read from dbt's parse cache, because the published manifest.json lacks what data tests need to run.
"""

from __future__ import annotations

from pathlib import Path

from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder

FILE_NAME = "partial_parse.msgpack"


def read_parse_cache(file: Path) -> Manifest:
    """The manifest in a parse cache."""
    manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest
