"""Reads the declared report: `storyline.yml` has the sections in their order, `sections/*.yml` what each holds.

A section is a mapping:

    needs    conditions that all have to hold; else the section holds nothing but the text `empty`
    empty    key of that text
    message  sentences of which the first that has something to say becomes the section's message
    blocks   what stands in the section, in order

Conditions, sentences, charts and blocks are parts: the name of a builder, alone or with what it is given. `else` names
the text that stands in the place of a block without data. `parts.py` has the builders by name. Title, lead and caption
of a section are texts under its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_KEYS = frozenset({"needs", "empty", "message", "blocks"})


@dataclass(frozen=True)
class Part:
    """The name of a builder, what it is given, and the text in its place where it has no data."""

    name: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    otherwise: str = ""


@dataclass(frozen=True)
class DeclaredSection:
    """A section as declared, with its place in the report."""

    id: str
    needs: tuple[Part, ...]
    empty: str
    message: tuple[Part, ...]
    blocks: tuple[Part, ...]
    annex: bool
    slide: bool


def part(declared: str | Mapping[str, Any]) -> Part:
    """A part from `name`, `name: argument`, `name: [arguments]` or `name: {option: value}`."""
    if isinstance(declared, str):
        return Part(declared)
    calls = {name: given for name, given in declared.items() if name != "else"}
    if len(calls) != 1:
        raise ValueError(f"A part is one builder, not {sorted(calls)}.")
    ((name, given),) = calls.items()
    otherwise = declared.get("else", "")
    if isinstance(given, Mapping):
        return Part(name, (), given, otherwise)
    return Part(name, tuple(given) if isinstance(given, list) else (given,), {}, otherwise)


@cache
def storyline() -> tuple[DeclaredSection, ...]:
    """The sections of the report in their order, those of the annex last."""
    line = yaml.safe_load((_HERE / "storyline.yml").read_text(encoding="utf-8"))
    declared = _declared_sections()
    return tuple(
        _section(name, declared[name], annex=place == "annex", slide=name in line["slides"])
        for place in ("sections", "annex")
        for name in line[place]
    )


def _declared_sections() -> dict[str, Mapping[str, Any]]:
    files = sorted((_HERE / "sections").glob("*.yml"))
    return {name: one for file in files for name, one in yaml.safe_load(file.read_text(encoding="utf-8")).items()}


def _section(name: str, declared: Mapping[str, Any], *, annex: bool, slide: bool) -> DeclaredSection:
    if unknown := declared.keys() - _KEYS:
        raise ValueError(f"Section {name} declares {sorted(unknown)}; a section has {sorted(_KEYS)}.")
    parts = {key: tuple(part(one) for one in declared.get(key, ())) for key in ("needs", "message", "blocks")}
    return DeclaredSection(name, empty=declared.get("empty", "empty.metrics"), annex=annex, slide=slide, **parts)
