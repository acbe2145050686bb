"""Aliases for columns and values: those shipped in mappings/*.yml, overridden by the bank's own
<landing>/mapping.yml.

Both have the same format: <system>.<table>: {columns: {alias: name}, values: {column: {alias: value}}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.landing.white_space import WHITE_SPACE
from needloop.contract.model import CONTRACT_FOLDER, Column, Contract, Table, load_contract

_T = TypeVar("_T")

# The C parser is eight times as fast, but some builds of PyYAML lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SHIPPED_FOLDER = CONTRACT_FOLDER.parent / "mappings"
BOOLEANS = {
    **dict.fromkeys(("true", "t", "1", "y", "yes", "是"), "true"),
    **dict.fromkeys(("false", "f", "0", "n", "no", "否"), "false"),
}


def folded(text: str) -> str:
    """The form in which headers and aliases are compared: trimmed and lower-case."""
    return text.strip(WHITE_SPACE).lower()


@dataclass(frozen=True)
class TableAliases:
    """Aliases of one table, by folded alias."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def over(self, weaker: TableAliases) -> TableAliases:
        """These aliases, with those of `weaker` as the fallback."""
        names = weaker.values.keys() | self.values.keys()
        values = {name: weaker.values.get(name, {}) | self.values.get(name, {}) for name in names}
        return TableAliases(weaker.columns | self.columns, values)


Aliases = dict[str, TableAliases]


def load_aliases(contract: Contract, mapping: Path | None) -> Aliases:
    """The aliases of every table by system.table; `mapping` is the bank's file, if there is one.

    A bank's alias wins over a column's own name, which wins over a shipped alias.
    Raises LandingError when the bank's file is invalid; the message names the line and the entry.
    """
    own = _read(mapping, contract) if mapping is not None else {}
    shipped = _shipped()
    found: Aliases = {}
    for table in contract.tables:
        names = TableAliases({folded(column.name): column.name for column in table.columns})
        weaker = names.over(shipped.get(table.full_name, TableAliases()))
        found[table.full_name] = own.get(table.full_name, TableAliases()).over(weaker)
    return found


@cache
def _shipped() -> Aliases:
    """The aliases of mappings/*.yml, which do not change while the process runs."""
    found: Aliases = {}
    for file in sorted(SHIPPED_FOLDER.glob("*.yml")):
        found |= _read(file, load_contract())
    return found


def _read(file: Path, contract: Contract) -> Aliases:
    return _MappingFile(file, contract).aliases()


class _MappingFile:
    """One mapping file; every error names the line."""

    def __init__(self, file: Path, contract: Contract) -> None:
        self._file = file
        self._contract = contract

    def aliases(self) -> Aliases:
        try:
            text = self._file.read_bytes().decode("utf-8-sig")
            document = yaml.compose(text, Loader=_LOADER)
        except OSError as error:
            raise LandingError(f"{self._file} cannot be read ({error.strerror}). Check its permissions.") from error
        except UnicodeDecodeError as error:
            raise LandingError(f"{self._file} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
        except yaml.YAMLError as error:
            raise LandingError(self._syntax(error)) from error
        if document is None:
            return {}
        tables = {table.full_name: table for table in self._contract.tables}
        return {
            name: self._table(node, self._known(name, key, tables, "table"))
            for name, key, node in self._entries(document, "the file", "<system>.<table>: {columns: …, values: …}")
        }

    def _table(self, node: yaml.Node, table: Table) -> TableAliases:
        columns: dict[str, str] = {}
        values: dict[str, dict[str, str]] = {}
        by_name = {column.name: column for column in table.columns}
        for part, key, inner in self._entries(node, table.full_name, "columns: …, values: …"):
            if part == "columns":
                columns = {
                    folded(alias): self._known(self._scalar(name), name, by_name, f"column of {table.full_name}").name
                    for alias, _, name in self._entries(inner, "columns", "alias: name")
                }
            elif part == "values":
                for name, name_key, aliases in self._entries(inner, "values", "column: {alias: value}"):
                    column = self._known(name, name_key, by_name, f"column of {table.full_name}")
                    values[column.name] = self._values(column, aliases)
            else:
                raise self._error(key, f"'{part}' is not a known key: write 'columns' or 'values'")
        return TableAliases(columns, values)

    def _values(self, column: Column, node: yaml.Node) -> dict[str, str]:
        return {
            folded(alias): self._value(column, value)
            for alias, _, value in self._entries(node, f"the values of {column.name}", "alias: value")
        }

    def _value(self, column: Column, node: yaml.Node) -> str:
        text = self._scalar(node)
        if column.type == "enum":
            known = {value.lower(): value for value in column.values}
        elif column.type == "bool":
            known = BOOLEANS
        else:
            return text
        if folded(text) not in known:
            words = column.values or tuple(known)
            raise self._error(node, f"'{text}' is not a value of {column.name}: use one of {', '.join(words)}")
        return known[folded(text)]

    def _entries(self, node: yaml.Node, where: str, form: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
            return []
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{where} must have entries of the form {form}")
        entries = [(self._scalar(key), key, value) for key, value in node.value]
        seen: set[str] = set()
        for name, key, _ in entries:
            if folded(name) in seen:
                raise self._error(key, f"'{name}' appears twice: keep one of the two")
            seen.add(folded(name))
        return entries

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, "expected a name or value here, not a list or nested entries")
        return str(node.value)

    def _known(self, name: str, node: yaml.Node, known: Mapping[str, _T], what: str) -> _T:
        if name not in known:
            raise self._error(node, f"'{name}' is not a {what}: use one of {', '.join(known)}")
        return known[name]

    def _syntax(self, error: yaml.YAMLError) -> str:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        line = "" if mark is None else f", line {mark.line + 1}"
        return f"{self._file.name}{line} is not YAML ({problem}). Check indentation and quotes."

    def _error(self, node: yaml.Node, text: str) -> LandingError:
        return LandingError(f"{self._file.name}, line {node.start_mark.line + 1}: {text}.")
