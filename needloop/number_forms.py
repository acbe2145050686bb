"""How numbers of each unit are formatted: decimals, scale and suffixes, from number_forms.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class NumberForm:
    """The format of one kind of number; suffixes by language."""

    decimals: int
    scale: int = 1
    suffix: Mapping[str, str] = field(default_factory=dict)
    change_suffix: Mapping[str, str] = field(default_factory=dict)
    percent_change_suffix: Mapping[str, str] = field(default_factory=dict)

    def suffix_in(self, language: str, *, change: bool = False) -> str:
        """The suffix of a number, or of a difference of two."""
        return (self.change_suffix if change and self.change_suffix else self.suffix).get(language, "")


def number_form(name: str) -> NumberForm:
    """The form with this name."""
    return _forms()[name]


def form_of_unit(unit: str) -> str | None:
    """The name of a unit's form; None for an unknown unit."""
    name: str | None = _document()["units"].get(unit)
    return name


@cache
def _forms() -> dict[str, NumberForm]:
    return {name: NumberForm(**fields) for name, fields in _document()["forms"].items()}


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return document
