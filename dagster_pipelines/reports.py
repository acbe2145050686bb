"""The quarterly report of the published release, and whether it was rendered for that release."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from dagster_pipelines.progress import Progress
from needloop.document_forms import listed_formats, listed_languages
from needloop.release.publishing import current_release_id
from needloop.settings import Settings

_MADE_OF = "report.release"
"""In the data folder: names the release that the last reports show."""


def report_is_missing(settings: Settings) -> bool:
    """Whether the published release still lacks its report; reads one small file."""
    current = current_release_id(settings)
    note = settings.data / _MADE_OF
    return current is not None and (not note.exists() or note.read_text("utf-8") != current)


def make_reports(settings: Settings, progress: Progress) -> tuple[str | None, list[Path]]:
    """Renders the release's latest whole quarter in the languages and forms of the settings.

    Returns the quarter and the files; no quarter when none is whole yet. Raises ReportError with what to do, and
    OSError.
    """
    from dashboards.report.generate import (  # noqa: PLC0415 - rendering libraries only where they are used
        generate_reports,
        latest_whole_quarter,
    )

    of = current_release_id(settings)
    quarter = latest_whole_quarter(settings.published_file)
    files: list[Path] = []
    if quarter is None:
        progress.warn("The release holds no whole quarter yet, so no report was rendered.")
    else:
        with progress.step(f"Report {quarter}"):
            files = generate_reports(
                settings.published_file,
                quarter,
                languages=listed_languages(settings.report_languages),
                file_formats=listed_formats(settings.report_formats),
                out=settings.reports,
                time_zone=ZoneInfo(settings.time_zone),
            )
    (settings.data / _MADE_OF).write_text(str(of), "utf-8")
    return quarter, files
