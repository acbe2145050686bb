"""Typesets the content model as PDF with Typst, in process: own fonts only, no packages, no network, no clock."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from dashboards.report.content.model import Report
from dashboards.report.drawing.svg import Drawings
from dashboards.report.pdf.document import document

_TEMPLATE = Path(__file__).parent / "report.typ"


def render_pdf(report: Report, drawings: Drawings) -> bytes:
    """The report as PDF, dated as its release. The same report gives the same bytes."""
    compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=_fonts())
    content = json.dumps(document(report, drawings), ensure_ascii=False)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"report": content},
        timestamp=int(report.release.created_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")  # a list of pages comes from picture formats only
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans SC and Noto Serif SC: those of the machine are left out, so that every machine sets the same pages."""
    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
