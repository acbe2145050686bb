"""Renders the content model as one HTML file: no scripts, no requests, everything from outside escaped."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

from dashboards.report.catalogue import catalogue
from dashboards.report.content.model import Chart, Number, Report
from dashboards.report.drawing.svg import Drawings
from dashboards.report.drawing.vega_lite import series_colours
from dashboards.report.heat import SHADES, heat_of
from dashboards.report.html.inline_svg import inline
from dashboards.report.number_text import number_and_unit, number_text
from needloop.document_forms import Language

_FOLDER = Path(__file__).parent / "templates"
_LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def render_html(report: Report, drawings: Drawings) -> bytes:
    """The report as UTF-8 HTML. The same report gives the same bytes."""
    style = (_FOLDER / "report.css").read_text(encoding="utf-8") + _shades()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    page = _environment(report.language, drawings).get_template("report.html.j2")
    html = page.render(
        report=report,
        language_tag=_LANGUAGE_TAGS[report.language],
        style=Markup(style),  # noqa: S704 - our own style sheet
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
    return html.encode("utf-8")


def _environment(language: Language, drawings: Drawings) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )

    def svg(chart: Chart) -> Markup:
        return inline(drawings.svg(chart))

    def text(number: Number) -> str:
        return number_text(number, language)

    def parts(number: Number) -> tuple[str, str]:
        return number_and_unit(number, language)

    environment.globals["t"] = catalogue(language).text
    environment.globals["series_colours"] = series_colours
    environment.filters["svg"] = svg
    environment.filters["number"] = text
    environment.filters["number_and_unit"] = parts
    environment.filters["exact"] = _exact
    environment.filters["kind"] = _kind
    environment.filters["heat"] = heat_of
    return environment


def _shades() -> str:
    """Rules for shaded cells; a style attribute would be refused by the page's policy."""
    return "".join(f"tbody tr > td.heat-{place} {{ background: {shade}; }}\n" for place, shade in enumerate(SHADES))


def _exact(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return repr(float(value))


def _kind(block: object) -> str:
    """The class of a part of the content, by which the template picks how to write it."""
    return type(block).__name__
