"""Match the headers of a delivered file to the columns of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import TableAliases, folded
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.white_space import WHITE_SPACE
from needloop.contract.model import Table


@dataclass(frozen=True)
class Header:
    """Which field holds which column."""

    places: dict[str, int]
    """Column name → position of the field, from 0."""
    unknown: tuple[str, ...]
    """Headers that match no column."""


def match_header(table: Table, aliases: TableAliases, headers: Sequence[str]) -> Header:
    """Match headers to columns. Raises FileRefusedError: ambiguous_header, missing_column."""
    places: dict[str, int] = {}
    unknown: dict[str, None] = {}
    for place, header in enumerate(headers):
        name = aliases.columns.get(folded(header))
        if name is None:
            unknown[header.strip(WHITE_SPACE)] = None
        elif name in places:
            raise FileRefusedError(
                "ambiguous_header",
                f"The headers '{headers[places[name]]}' and '{header}' both match the column {name}. "
                "Remove one of them, or map it to another column in mapping.yml.",
            )
        else:
            places[name] = place
    missing = [column.name for column in table.columns if column.required and column.name not in places]
    if missing:
        raise FileRefusedError(
            "missing_column",
            f"No header matches {', '.join(missing)}, which {table.full_name} requires. "
            "Deliver the file with it, or map the bank's header to it in mapping.yml.",
        )
    return Header(places, tuple(unknown))


def recognised(aliases: TableAliases, headers: Sequence[str]) -> int:
    """How many of the headers match a column."""
    return sum(folded(header) in aliases.columns for header in headers)
