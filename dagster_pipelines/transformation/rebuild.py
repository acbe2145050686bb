"""Decides which dbt nodes a run has to build: all, or only what lies downstream of the tables that got rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

AS_OF_MODEL = "int_as_of"


@dataclass(frozen=True)
class Rebuild:
    """The nodes to build; None means every one."""

    select: tuple[str, ...] | None
    reason: str


def partial_rebuild(manifest: dict[str, Any], changed_tables: Collection[str], *, as_of_changed: bool) -> Rebuild:
    """What to build after rows came for `changed_tables` (system.table).

    The warehouse's date depends on several tables, and nearly every model depends on that date. It is established
    first: an unchanged date triggers no rebuild of the models downstream of it.
    """
    if as_of_changed:
        return Rebuild(None, "the warehouse's date has moved")
    sources = _sources(manifest, changed_tables)
    as_of_node = _model(manifest, AS_OF_MODEL)
    nodes = _descendants(manifest, sources, without=as_of_node)
    models = sorted(manifest["nodes"][n]["name"] for n in nodes if n.startswith("model."))
    news = f"new rows in {', '.join(sorted(changed_tables))}" if changed_tables else "a quarter was closed"
    return Rebuild(tuple(models), news)


def _sources(manifest: dict[str, Any], changed_tables: Collection[str]) -> set[str]:
    return {unique_id for unique_id, source in manifest["sources"].items() if _is_new(source, changed_tables)}


def _is_new(source: dict[str, Any], changed_tables: Collection[str]) -> bool:
    """A raw table when it got rows; what the pipeline writes always, unless `meta.made_from` names raw tables."""
    if source["schema"] == "raw":
        return source["identifier"] in {name.replace(".", "__") for name in changed_tables}
    made_from = source.get("config", {}).get("meta", {}).get("made_from")
    return made_from is None or not set(made_from).isdisjoint(changed_tables)


def _model(manifest: dict[str, Any], name: str) -> str:
    nodes: dict[str, dict[str, Any]] = manifest["nodes"]
    return next(i for i, node in nodes.items() if node["resource_type"] == "model" and node["name"] == name)


def _descendants(manifest: dict[str, Any], start: Collection[str], without: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for child in manifest["child_map"].get(waiting.pop(), ()):
            if child not in seen and child != without:
                seen.add(child)
                waiting.append(child)
    return seen
