"""The files suites/*.yml: what may stand in them, and how they are read. Errors name the file and the check.

What the checks become is in catalogue.py.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.check import Severity, Text
from expectations.rules import Between, OneOf

SUITES = Path(__file__).parent / "suites"
TEXTS = "texts"
CONTRACT = "contract"
MARTS = ("marts", "reconciliation")
DELIVERIES = "deliveries"
PROFILES = "profiles"


class SuiteError(Exception):
    """A suite cannot be used; the message says which file, which check, and what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(_Strict):
    """Another table of the contract, whose key bears the name of the column `by`; `columns` are compared besides."""

    table: str
    by: str
    columns: tuple[str, ...] = ()


class Wording(_Strict):
    """What people read of a check."""

    label: Text
    severity: Severity | None = None
    meaning: str | Text | None = None
    """The name of a shared text, or a text."""
    remedy: str | Text | None = None


class WrittenCheck(Wording):
    """A check as it is written: its texts and exactly one kind of rule."""

    has_rows: Literal[True] | None = None
    filled: str | None = None
    """The column has a value in every row."""
    unique: tuple[str, ...] | None = None
    """No two rows agree in all of the columns."""
    one_of: OneOf | None = None
    between: Between | None = None
    plausible: Between | None = None
    """As `between`, for values that are off by a unit or a decimal point."""
    order: tuple[str, str] | None = None
    """The second column, where both are known, is not before the first."""
    not_in_future: str | None = None
    """The column holds no time after the day of the load."""
    no_row_where: str | None = None
    """No row meets the SQL condition; `columns` are those that it is about."""
    no_row_from: str | None = None
    """The SQL query, which reads {rows} (by the alias `checked`) and selects keys, finds no row."""
    agrees_with: Reference | None = None
    """No row is `contradicted` (an SQL condition over `checked` and `other`) by the row that it points to."""
    same_customer_as: Reference | None = None
    """The row and the one that it points to have the same customer, where both customers are known."""
    columns: tuple[str, ...] = ()
    contradicted: str | None = None
    broken_by: dict[str, Any] | None = None
    """For the tests: values that make a good row break this check and no other."""

    @model_validator(mode="after")
    def _one_kind(self) -> WrittenCheck:
        kinds = [name for name in KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none"
            raise ValueError(f"a check has one rule of {', '.join(KINDS)}; this one has {found}")
        if (self.contradicted is None) == (self.agrees_with is not None):
            raise ValueError("agrees_with and contradicted come together")
        if self.columns and kinds[0] not in {"no_row_where", "no_row_from"}:
            raise ValueError(f"columns follow from {kinds[0]}; leave them out")
        return self

    @property
    def kind(self) -> str:
        """The name of the one rule."""
        return next(name for name in KINDS if getattr(self, name) is not None)


KINDS = tuple(
    name
    for name in WrittenCheck.model_fields
    if name not in {*Wording.model_fields, "columns", "contradicted", "broken_by"}
)


class WrittenDeliveryCheck(WrittenCheck):
    """A check of every table's line in quality.deliveries; `failed` and `checked` are expressions over that line."""

    failed: str = "1"
    checked: str = "1"
    passed: Text
    broken: Text


class WrittenProfileCheck(Wording):
    """A check of some measures of every table in quality.profiles."""

    measures: tuple[str, ...]


class Defaults(_Strict):
    """What holds for all checks of a file that do not say otherwise, and the texts that they share."""

    severity: Severity = "warning"
    meaning: str | None = None
    remedy: str | None = None
    texts: dict[str, Text] = Field(default_factory=dict)


class ContractFile(Defaults):
    """The texts of the checks that the contract implies (contract_checks.py)."""

    checks: dict[str, Wording]


class RawFile(Defaults):
    """The team of a source system, and the checks that the contract does not imply: {table: {name: check}}."""

    system: str
    owner: str
    tables: dict[str, dict[str, WrittenCheck]]


class WrittenMart(_Strict):
    """The checks of one mart. `relation` is given where it is not the mart itself."""

    title: Text
    key: tuple[str, ...]
    relation: str | None = None
    filled: dict[Severity, tuple[str, ...]] = Field(default_factory=dict)
    """Columns that have a value in every row, by severity."""
    checks: dict[str, WrittenCheck]


class MartsFile(Defaults):
    """Checks of marts. SQL is a Jinja template that knows `contract`, `thresholds`, `published` and `values`."""

    system: str
    owner: str
    values: dict[str, Any] = Field(default_factory=dict)
    macros: str = ""
    tables: dict[str, WrittenMart]


class DeliveriesFile(Defaults):
    """The checks of every table's deliveries."""

    checks: dict[str, WrittenDeliveryCheck]


class ProfilesFile(Defaults):
    """The checks of every table's columns against the weeks before."""

    measures: dict[str, Text]
    checks: dict[str, WrittenProfileCheck]


class _TextsFile(_Strict):
    texts: dict[str, Text]


_File = TypeVar("_File", bound=_Strict)


@cache
def read(folder: Path, name: str, model: type[_File]) -> _File:
    """The file `name`.yml of the folder. Raises SuiteError."""
    file = folder / f"{name}.yml"
    try:
        return model.model_validate(yaml.load(file.read_text("utf-8"), Loader=_UniqueKeys))  # noqa: S506 - a safe loader
    except OSError as fault:
        raise SuiteError(f"{file}: cannot be read: {fault.strerror}") from fault
    except yaml.YAMLError as fault:
        raise SuiteError(f"{file}: is not YAML: {fault}") from fault
    except ValidationError as fault:
        faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors())
        raise SuiteError("\n".join(f"{file}: {one}" for one in faults)) from fault


def shared_texts(folder: Path) -> dict[str, Text]:
    """The texts that all files share."""
    file: _TextsFile = read(folder, TEXTS, _TextsFile)
    return file.texts


def raw_files(folder: Path) -> dict[str, RawFile]:
    """{system: its file}: every file that is not one of those above."""
    others = {TEXTS, CONTRACT, *MARTS, DELIVERIES, PROFILES}
    names = sorted(file.stem for file in folder.glob("*.yml") if file.stem not in others)
    files = {name: read(folder, name, RawFile) for name in names}
    for name, file in files.items():
        if file.system != name:
            raise SuiteError(f"{folder / name}.yml: system: is {file.system}, but the file is called {name}")
    return files


class _UniqueKeys(yaml.CSafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML's own loader takes the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)
