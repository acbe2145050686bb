"""Every metric that the report names is defined, and every table that it reads is published and in its exposure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import yaml

from needloop.settings import PROJECT_ROOT
from tests.integration.definitions.empty_release import defined_metrics, exposed, published_columns

REPORT = PROJECT_ROOT / "dashboards" / "report"
_TABLE = re.compile(r"\b(?:from|join)\s+((?:mart|dim|fct)_\w+|metric_values|release_info)\b")


def texts() -> Iterator[str]:
    """Every string of the report's code."""
    for file in sorted(REPORT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def named_metrics() -> set[str]:
    """Metrics that the code asks for: arguments of total() and known(), keys of definitions, lists …METRICS."""
    found: set[str] = set()
    for file in sorted(REPORT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found |= set(_asked_for(node))
    return found


def _asked_for(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="known" | "label"), args=arguments):
            yield from _strings(*arguments)
        case ast.Call(func=ast.Attribute(attr="total"), args=[metric, *_]):
            yield from _strings(metric)
        case ast.Subscript(value=ast.Attribute(attr="definitions"), slice=key):
            yield from _strings(key)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="definitions"), attr="get"), args=[key, *_]):
            yield from _strings(key)
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute(attr="definitions")]):
            yield from _strings(key)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if "METRICS" in name or "FIGURES" in name:
            yield from _strings(*ast.walk(value))


def _strings(*nodes: ast.AST) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def declared_words(node: Any) -> Iterator[str]:
    """Every string of a YAML document."""
    match node:
        case str():
            yield node
        case list():
            yield from (word for item in node for word in declared_words(item))
        case dict():
            yield from (word for item in node.values() for word in declared_words(item))


def test_every_metric_that_the_report_names_is_defined() -> None:
    defined = {metric["metric"] for metric in defined_metrics()}
    assert named_metrics() - defined == set()
    # The metrics that declared sections name are held against the definitions in tests/unit/report.
    declared = {
        word
        for file in (REPORT / "content" / "sections").glob("*.yml")
        for word in declared_words(yaml.safe_load(file.read_text("utf-8")))
    }
    assert len(declared & defined) > 30


def test_the_report_reads_published_models_that_its_exposure_names() -> None:
    read = {table for text in texts() for table in _TABLE.findall(text)} - {"release_info"}
    assert read <= published_columns().keys()
    assert read <= exposed("application")


def test_exposures_name_published_models_only() -> None:
    assert exposed("application") | exposed("dashboard") <= published_columns().keys()


def test_a_metric_has_one_definition() -> None:
    names = [metric["metric"] for metric in defined_metrics()]
    assert sorted(names) == sorted(set(names))
