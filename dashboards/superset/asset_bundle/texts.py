"""Texts in two languages: a mapping of exactly `zh` and `en` stands for the text of the language that is rendered."""

from __future__ import annotations

from typing import Any

LANGUAGES = ("zh", "en")
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def in_language(content: Any, language: str) -> Any:
    """`content` with each pair of texts replaced by that of the language, and `<lang>` in strings by its code."""
    if isinstance(content, dict):
        if set(content) == set(LANGUAGES):
            return in_language(content[language], language)
        return {key: in_language(value, language) for key, value in content.items()}
    if isinstance(content, list):
        return [in_language(item, language) for item in content]
    if isinstance(content, str):
        return content.replace("<lang>", language)
    return content
