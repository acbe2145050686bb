"""Makes the report file of a quarter: checks the request, builds the content, renders it, writes it atomically."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from dashboards.report.catalogue import catalogue
from dashboards.report.content.build import build_report
from dashboards.report.content.figures import Quarter
from dashboards.report.content.model import LANGUAGES, Language, Report
from dashboards.report.errors import ReportError
from dashboards.report.html.render import render_html
from dashboards.report.release import Period, open_release

FileFormat = Literal["html"]

__all__ = ["ReportError", "generate_report", "latest_whole_quarter"]

_RENDERERS: dict[str, Callable[[Report], bytes]] = {"html": render_html}
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")


def generate_report(
    published_file: Path, quarter: str, *, language: Language, out: Path, file_format: FileFormat = "html"
) -> Path:
    """Writes the report of a quarter, such as `2026Q3`, into the folder `out` and returns the file's path.

    The file is named needs-closure-<quarter>.<language>.<format>; one of that name is replaced in one step. The same
    release gives the same bytes. Raises ReportError, with what to do, when there is no release, the quarter is not
    one or not in the release, the language or format is unknown, or the folder cannot be written.
    """
    if language not in LANGUAGES:
        raise ReportError(f"There is no report in the language {language!r}. Ask for one of: {', '.join(LANGUAGES)}.")
    if file_format not in _RENDERERS:
        raise ReportError(f"There is no report as {file_format!r}. Ask for one of: {', '.join(_RENDERERS)}.")
    wanted = _quarter_name(quarter)
    with open_release(published_file, language) as release:
        report = build_report(release, _quarter(wanted, release.quarters()), catalogue(language))
    name = f"needs-closure-{wanted}.{language}.{file_format}"
    return _write(out, name, _RENDERERS[file_format](report))


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
