"""The languages and file formats of the quarterly report, and how to parse a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar, get_args

Language = Literal["zh", "en"]
FileFormat = Literal["html", "pdf", "xlsx", "pptx"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FILE_FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

_Word = TypeVar("_Word", bound=str)


class UnknownFormError(ValueError):
    """A list names an unknown language or format; the message lists the known ones."""


def listed_formats(listed: str) -> list[FileFormat]:
    """The formats of a list such as `pdf,xlsx`, each once. Raises UnknownFormError."""
    return _listed(listed, FILE_FORMATS, "format")


def listed_languages(listed: str) -> list[Language]:
    """The languages of a list such as `zh,en`, each once. Raises UnknownFormError."""
    return _listed(listed, LANGUAGES, "language")


def _listed(listed: str, known: Iterable[_Word], what: str) -> list[_Word]:
    by_name = {str(word): word for word in known}
    names = [name.strip().lower() for name in listed.split(",")]
    for name in names:
        if name not in by_name:
            raise UnknownFormError(f"The report has no {what} {name!r}. Use one or more of: {', '.join(by_name)}.")
    return list(dict.fromkeys(by_name[name] for name in names))
