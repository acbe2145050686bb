"""Makes the files of a report in one language: builds the content once, renders each form, writes it atomically."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from importlib import import_module
from pathlib import Path

from dashboards.report.catalogue import catalogue
from dashboards.report.content.build import build_report
from dashboards.report.content.figures import Quarter
from dashboards.report.content.model import Report
from dashboards.report.drawing.svg import Drawings
from dashboards.report.errors import ReportError
from dashboards.report.release import Period, open_release
from needloop.document_forms import FileFormat, Language


@dataclass(frozen=True)
class LanguageRequest:
    """What is to be made: the forms of one quarter in one language, from one release file, into the folder `out`."""

    published_file: Path
    quarter: str
    language: Language
    file_formats: tuple[FileFormat, ...]
    out: Path
    time_zone: tzinfo


def make_in_language(request: LanguageRequest) -> list[Path]:
    """Writes the files and returns their paths, in the order of the forms.

    Raises ReportError when there is no release, it has no such quarter, or the folder cannot be written.
    """
    with open_release(request.published_file, request.language) as release:
        quarter = _quarter(request.quarter, release.quarters())
        report = build_report(release, quarter, catalogue(request.language), request.time_zone)
    drawings = Drawings(request.language)
    name = f"needs-closure-{request.quarter}.{request.language}"
    return [_write(request.out, f"{name}.{one}", _renderer(one)(report, drawings)) for one in request.file_formats]


def _renderer(file_format: FileFormat) -> Callable[[Report, Drawings], bytes]:
    """The function that renders a form; its libraries are loaded only when it is asked for."""
    module = import_module(f"dashboards.report.{file_format}.render")
    render: Callable[[Report, Drawings], bytes] = getattr(module, f"render_{file_format}")
    return render


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
