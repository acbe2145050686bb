"""Renders the content model as slides: a cover, then a slide for each section that a board is shown."""

from __future__ import annotations

import zipfile
from io import BytesIO

from dashboards.report.catalogue import catalogue
from dashboards.report.content.model import Report
from dashboards.report.drawing.svg import Drawings
from dashboards.report.pptx.slides import SlideWriter
from dashboards.report.pptx.template import empty_presentation

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file knows


def render_pptx(report: Report, _: Drawings) -> bytes:
    """The report as PPTX, whose charts are native and not drawn here. The same report gives the same bytes."""
    presentation = empty_presentation(report.language)
    properties = presentation.core_properties
    properties.title = f"{report.cover.title} {report.cover.quarter}"
    properties.author = properties.last_modified_by = "Needloop"
    properties.created = properties.modified = report.release.created_at.replace(tzinfo=None)
    properties.revision = 1
    slides = SlideWriter(presentation, report, catalogue(report.language))
    slides.cover()
    numbered = enumerate((section for section in report.sections if not section.annex), 1)
    for number, section in numbered:
        if section.slide:
            slides.section(section, number)
    file = BytesIO()
    presentation.save(file)
    return _without_times(file.getvalue())


def _without_times(package: bytes) -> bytes:
    """The same package, whose entries do not say when they were written."""
    copy = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename, _NO_TIME), source.read(entry), zipfile.ZIP_DEFLATED)
    return copy.getvalue()
