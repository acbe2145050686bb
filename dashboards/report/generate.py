"""Makes the report files of a quarter: checks the request and has each language made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from dashboards.report.errors import ReportError
from dashboards.report.one_language import LanguageRequest, make_in_language
from dashboards.report.release import open_release
from dashboards.report.side_by_side import side_by_side
from needloop.document_forms import (
    FILE_FORMATS,
    LANGUAGES,
    FileFormat,
    Language,
    UnknownFormError,
    listed_formats,
    listed_languages,
)

_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")


def generate_report(
    published_file: Path,
    quarter: str,
    *,
    language: Language,
    out: Path,
    file_format: FileFormat = "html",
    time_zone: tzinfo = UTC,
) -> Path:
    """One file of `generate_reports`."""
    return generate_reports(
        published_file, quarter, languages=[language], file_formats=[file_format], out=out, time_zone=time_zone
    )[0]


def generate_reports(
    published_file: Path,
    quarter: str,
    *,
    languages: Sequence[Language] = LANGUAGES,
    file_formats: Sequence[FileFormat] = FILE_FORMATS,
    out: Path,
    time_zone: tzinfo = UTC,
) -> list[Path]:
    """Writes the report of a quarter, such as `2026Q3`, into the folder `out` in some languages and forms.

    The files are named needs-closure-<quarter>.<language>.<format>; one of that name is replaced in one step. The
    same release and time zone (in which moments are shown) give the same bytes. Each language is built and its charts
    are drawn once for all forms; several languages are made side by side, each in a process of its own. Returns the
    files' paths, by language, then form. Raises ReportError, with what to do, when there is no release, the quarter
    is not one or not in the release, the language or form is unknown, or the folder cannot be written.
    """
    try:
        languages, wanted_forms = listed_languages(",".join(languages)), listed_formats(",".join(file_formats))
    except UnknownFormError as error:
        raise ReportError(str(error)) from None
    wanted = _quarter_name(quarter)
    file = published_file.resolve()  # one release for all languages, even when another is published meanwhile

    return [
        path
        for paths in side_by_side(
            make_in_language,
            [
                LanguageRequest(
                    published_file=file if file.exists() else published_file,
                    quarter=wanted,
                    language=language,
                    file_formats=tuple(wanted_forms),
                    out=out,
                    time_zone=time_zone,
                )
                for language in languages
            ],
        )
        for path in paths
    ]


def latest_whole_quarter(published_file: Path) -> str | None:
    """The latest quarter of the release that is not in progress; None when it has none.

    Raises ReportError when there is no release.
    """
    with open_release(published_file, "en") as release:
        whole = [period.period for period in release.quarters() if not period.in_progress]
    return whole[-1] if whole else None


def _quarter_name(quarter: str) -> str:
    name = quarter.strip().upper()
    if not _QUARTER.fullmatch(name):
        raise ReportError(f"{quarter!r} is not a quarter. Write the year, Q and 1 to 4, for example 2026Q3.")
    return name
