"""The report's own texts, read from `texts/<language>.yml` and filled with values."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from needloop.document_forms import Language

_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # Chinese has no spaces between words

TEXTS = Path(__file__).parent / "texts"


class Catalogue:
    """Texts of one language by dotted key, such as `sections.trends.title`."""

    def __init__(self, language: Language, texts: dict[str, str]) -> None:
        self.language = language
        self.texts = texts

    def text(self, key: str, **values: object) -> str:
        """The text with its placeholders filled. Raises KeyError for an unknown key or a value that is missing."""
        filled = self.texts[key].format(**values) if values else self.texts[key]
        return _BETWEEN_HAN.sub("", filled) if self.language == "zh" else filled

    def listed(self, items: list[str]) -> str:
        """Items as the language writes a list within a sentence."""
        return self.texts["list.separator"].join(items)


def _flat(prefix: str, node: object) -> dict[str, str]:
    if isinstance(node, dict):
        return {
            key: text
            for name, child in node.items()
            for key, text in _flat(f"{prefix}.{name}" if prefix else str(name), child).items()
        }
    return {prefix: str(node)}


@cache
def catalogue(language: Language) -> Catalogue:
    """The texts of a language."""
    document = yaml.safe_load((TEXTS / f"{language}.yml").read_text(encoding="utf-8"))
    return Catalogue(language, _flat("", cast("object", document)))
