"""The kinds of rule a check can have, and the SQL that finds the rows breaking each.

Their form in Great Expectations is in gx_expectations.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Protocol

from pydantic import ConfigDict

TOMORROW = ":tomorrow"
"""In a rule's SQL: midnight after the load date. Anything from then on lies in the future."""


class Rule(Protocol):
    """What a check needs of its rule."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a failure is about; none when it is about whole rows."""
        ...

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """SQL that selects the keys of the rows of `relation` that break the rule."""
        ...


@dataclass(frozen=True)
class _OfOneColumn:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)


@dataclass(frozen=True)
class Filled(_OfOneColumn):
    """The column holds a value in every row."""

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """Rows without a value."""
        return _keys_where(key, relation, f'"{self.column}" is null')


@dataclass(frozen=True)
class Unique:
    """No two rows agree in all of the columns."""

    columns: tuple[str, ...]

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """Every duplicate row."""
        columns = _listed(self.columns)
        return f"select distinct {_listed(key)} from {relation} qualify count(*) over (partition by {columns}) > 1"


@dataclass(frozen=True)
class OneOf(_OfOneColumn):
    """A value of the column, where there is one, is among `values`."""

    values: tuple[str, ...]

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """Rows with another value."""
        allowed = ", ".join(f"'{value}'" for value in self.values)
        return _keys_where(key, relation, f'"{self.column}" not in ({allowed})')


@dataclass(frozen=True)
class Between(_OfOneColumn):
    """A value of the column, where there is one, lies between the bounds, inclusive; None is no bound."""

    least: int | float | None = None
    greatest: int | float | None = None

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """Rows outside the bounds."""
        outside = [f'"{self.column}" < {self.least}'] if self.least is not None else []
        outside += [f'"{self.column}" > {self.greatest}'] if self.greatest is not None else []
        return _keys_where(key, relation, " or ".join(outside))


@dataclass(frozen=True)
class NoRowWhere:
    """No row meets the SQL condition; a condition that is null is not met."""

    condition: str
    columns: tuple[str, ...]

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """Rows that meet the condition."""
        tomorrow = f"date '{load_date + timedelta(days=1)}'"
        return _keys_where(key, relation, self.condition.replace(TOMORROW, tomorrow))


@dataclass(frozen=True)
class NoRowFrom:
    """The query, which reads `{rows}` (by the alias `checked`) and selects keys, finds nothing.

    For rules about more than single rows. Without the word JOIN: Great Expectations treats such queries otherwise.
    """

    query: str
    columns: tuple[str, ...] = ()

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """What the query finds."""
        return self.query.replace("{rows}", f"{relation} as checked")


@dataclass(frozen=True)
class HasRows:
    """The table is not empty."""

    columns: tuple[str, ...] = ()

    def failing_keys(self, key: tuple[str, ...], relation: str, load_date: date) -> str:
        """An empty table has no keys."""
        return f"select {_listed(key)} from {relation} where false"


def _keys_where(key: tuple[str, ...], relation: str, condition: str) -> str:
    return f"select {_listed(key)} from {relation} where {condition}"


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
