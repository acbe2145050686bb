"""Whose the rows of a dataset are: of a branch each, of the bank as a whole, or the same for everyone.

Who sees own branches only gets of a dataset `by_branch` the rows of these branches, of one `bank_wide` nothing, and one
for `reference` (definitions, the list of quarters) whole. Every dataset says which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BY_BRANCH = "by_branch"
BANK_WIDE = "bank_wide"
REFERENCE = "reference"


class RowScopeError(Exception):
    """A dataset does not say whose its rows are."""


@dataclass(frozen=True)
class RowScope:
    """Whose the rows of a dataset are."""

    kind: str
    branch_column: str | None = None
    """The column of the dataset's SQL with the branch id of a row; of rows `by_branch` only."""


def row_scope(definition: dict[str, Any]) -> RowScope:
    """What the line `rows` of a dataset says.

    Raises:
        RowScopeError: it is missing, or says something else.
    """
    said = definition.get("rows")
    if said in (BANK_WIDE, REFERENCE):
        return RowScope(said)
    if isinstance(said, dict) and set(said) == {BY_BRANCH} and str(said[BY_BRANCH]).isidentifier():
        return RowScope(BY_BRANCH, said[BY_BRANCH])
    raise RowScopeError(
        f"the dataset {definition.get('name')!r} has {f'`rows: {said}`' if said else 'no `rows`'}: write `rows:"
        f" {{{BY_BRANCH}: COLUMN}}` where each row is of the branch in that column, `rows: {BANK_WIDE}` where a branch"
        f" manager is to get none, `rows: {REFERENCE}` for what is the same for everyone"
    )
