"""What is declared of the report can be built: builders take what they are given, texts, rows and forms are known."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.report.catalogue import catalogue
from dashboards.report.content import declared, shares
from dashboards.report.content.declared import DeclaredSection, Part, part, storyline
from dashboards.report.content.material import ROWS, listed
from dashboards.report.content.model import NumberFormat
from dashboards.report.content.parts import BLOCKS, CHARTS, CONDITIONS, SENTENCES
from dashboards.report.content.records import NUMBERS, WORDS
from tests.release_of_known_numbers import metrics

SECTIONS = {section.id: section for section in storyline()}
TEXTS = catalogue("en").texts
OF_METRICS = (
    CONDITIONS["known"],
    CONDITIONS["totals"],
    CONDITIONS["counted"],
    SENTENCES["standing"],
    CHARTS["trends"],
    BLOCKS["figures"],
    BLOCKS["key_figures"],
    BLOCKS["path_steps"],
    BLOCKS["persistency_cohorts"],
)


def calls(section: DeclaredSection) -> Iterator[tuple[Callable[..., Any], Part, int]]:
    """Every builder that a section calls, what it is given, and how many arguments come before that."""
    yield from ((CONDITIONS[one.name], one, 1) for one in section.needs)
    yield from ((SENTENCES[one.name], one, 1) for one in section.message)
    for block in section.blocks:
        inner: Mapping[str, Mapping[str, Any]] = {"charts": CHARTS, "chart": CHARTS, "sentences": SENTENCES}
        if block.name in inner:
            given = block.arguments or (block.options,)
            yield from ((inner[block.name][one.name], one, 1) for one in map(part, given))
        else:
            yield BLOCKS[block.name], block, 2


@pytest.mark.parametrize("name", SECTIONS)
def test_builders_take_what_they_are_given(name: str) -> None:
    for builder, call, before in calls(SECTIONS[name]):
        inspect.signature(builder).bind(*[None] * before, *call.arguments, **call.options)


@pytest.mark.parametrize("name", SECTIONS)
def test_texts_rows_and_columns_are_known(name: str) -> None:
    section = SECTIONS[name]
    keys = {f"{name}.title", f"{name}.lead", section.empty, *(b.otherwise for b in section.blocks if b.otherwise)}
    for _, call, _ in calls(section):
        keys |= {call.options[one] for one in ("title", "caption", "more", "axis", "text") if one in call.options}
        keys |= set(call.options.get("notes", ()))
        assert call.options.get("of", "loads") in ROWS
        for _, title, form in call.options.get("columns", ()):
            keys.add(title)
            first, *marks = form.split()
            assert first in {*WORDS, *NUMBERS, *NumberFormat}
            assert set(marks) <= {"change", "hidden"}
    assert keys - TEXTS.keys() == set()


@pytest.mark.parametrize("name", SECTIONS)
def test_metrics_are_defined(name: str) -> None:
    defined = {one["metric"] for one in metrics()}
    named: set[str] = set()
    for builder, call, _ in calls(SECTIONS[name]):
        named |= {one for key in ("metric", "metrics", "ranked_by") for one in listed(call.options.get(key, ()))}
        if builder is shares.facts:
            facts = call.options.items() - {(key, call.options.get(key)) for key in ("name", "rule", "text")}
            named |= {value.partition(".")[0] for _, value in facts}
        if builder in OF_METRICS:
            named |= set(call.arguments)
    assert named - defined == set()


def test_every_declared_section_has_its_place_and_every_builder_a_use() -> None:
    files = (Path(declared.__file__).parent / "sections").glob("*.yml")
    written = [name for file in files for name in yaml.safe_load(file.read_text(encoding="utf-8"))]
    assert sorted(written) == sorted(SECTIONS)
    used = {builder for section in SECTIONS.values() for builder, _, _ in calls(section)}
    known = {**SENTENCES, **CHARTS, **BLOCKS, **CONDITIONS}
    assert {n for n, builder in known.items() if builder not in used} <= {"chart", "charts", "sentences"}


def test_a_part_is_one_builder() -> None:
    assert part("balance") == Part("balance")
    assert part({"standing": "nps"}) == Part("standing", ("nps",))
    assert part({"highest": ["a", "b"], "else": "empty.groups"}) == Part("highest", ("a", "b"), {}, "empty.groups")
    with pytest.raises(ValueError, match="one builder"):
        part({"highest": "a", "lowest": "b"})
