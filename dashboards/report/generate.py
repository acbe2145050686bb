"""Makes the report files of a quarter: checks the request, builds the content, renders it, writes it atomically."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

from dashboards.report.catalogue import catalogue
from dashboards.report.content.build import build_report
from dashboards.report.content.figures import Quarter
from dashboards.report.content.model import LANGUAGES, Language, Report
from dashboards.report.drawing.svg import Drawings
from dashboards.report.errors import ReportError
from dashboards.report.release import Period, open_release

FileFormat = Literal["html", "pdf", "xlsx", "pptx"]
FILE_FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

__all__ = [
    "FILE_FORMATS",
    "ReportError",
    "generate_report",
    "generate_reports",
    "latest_whole_quarter",
    "listed_formats",
]

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
    are drawn once for all forms; languages are made side by side. Returns the files' paths, by language, then form.
    Raises ReportError, with what to do, when there is no release, the quarter is not one or not in the release, the
    language or form is unknown, or the folder cannot be written.
    """
    for language in languages:
        if language not in LANGUAGES:
            raise ReportError(
                f"There is no report in the language {language!r}. Ask for one of: {', '.join(LANGUAGES)}."
            )
    wanted_forms = [_known_form(one) for one in file_formats]
    wanted = _quarter_name(quarter)
    file = published_file.resolve()  # one release for all languages, even when another is published meanwhile

    def in_language(language: Language) -> list[Path]:
        with open_release(file if file.exists() else published_file, language) as release:
            report = build_report(release, _quarter(wanted, release.quarters()), catalogue(language), time_zone)
        drawings = Drawings(language)
        return [
            _write(out, f"needs-closure-{wanted}.{language}.{one}", _renderer(one)(report, drawings))
            for one in wanted_forms
        ]

    with ThreadPoolExecutor(max_workers=len(LANGUAGES)) as side_by_side:
        return [path for paths in side_by_side.map(in_language, languages) for path in paths]


def listed_formats(listed: str) -> list[FileFormat]:
    """The forms of a list such as `pdf,xlsx`, each once. Raises ReportError for an unknown or empty one."""
    return list(dict.fromkeys(_known_form(one.strip().lower()) for one in listed.split(",")))


def _known_form(name: str) -> FileFormat:
    for known in FILE_FORMATS:
        if name == known:
            return known
    raise ReportError(f"There is no report as {name!r}. Ask for one of: {', '.join(FILE_FORMATS)}.")


def _renderer(file_format: FileFormat) -> Callable[[Report, Drawings], bytes]:
    """The function that renders a form; its libraries are loaded only when it is asked for."""
    module = import_module(f"dashboards.report.{file_format}.render")
    render: Callable[[Report, Drawings], bytes] = getattr(module, f"render_{file_format}")
    return render


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


def _quarter(wanted: str, quarters: list[Period]) -> Quarter:
    if not quarters:
        raise ReportError("The published release has no quarter yet: load data with `needloop run`, then ask again.")
    available = ", ".join(period.period for period in quarters)
    now = next((period for period in quarters if period.period == wanted), None)
    if now is None and wanted > quarters[-1].period:
        raise ReportError(
            f"{wanted} lies in the future of this release, which ends with {quarters[-1].period} "
            f"({quarters[-1].covered_until}). Deliver newer data and run `needloop run`, or ask for one of: "
            f"{available}."
        )
    if now is None:
        raise ReportError(f"The published release has no quarter {wanted}. Ask for one of: {available}.")
    return Quarter(now, tuple(period for period in quarters if period.order <= now.order))


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Writes beside the target and renames, so that a reader sees the old file or the new one, never a part."""
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o644)  # noqa: PTH101 - mkstemp makes it private; a report is to be read by others
            os.replace(temporary, target)  # noqa: PTH105 - the atomic step
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {folder}: {error.strerror}. Name a folder that you may write with --out."
        ) from error
    return target
