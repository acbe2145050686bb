"""Draws Vega-Lite specifications as SVG that can stand inside an HTML page, without a browser or a network."""

from __future__ import annotations

import re

import vl_convert
from markupsafe import Markup

from dashboards.report.content.model import Chart, Language
from dashboards.report.html.vega_lite import FONT, FONT_STACK, chart_spec

_ROOT = re.compile(r"<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>")
_IDS = re.compile(r"\bid=\"([^\"]+)\"")


def draw(chart: Chart, language: Language) -> Markup:
    """A chart as an inline SVG element.

    Namespaces are left out (HTML knows SVG), and ids are numbered within the chart, so that charts on one page do
    not refer to each other's clip paths and the same chart always has the same bytes.
    """
    svg = vl_convert.vegalite_to_svg(chart_spec(chart, language), allowed_base_urls=[])
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{FONT_STACK}"')
    svg = _ROOT.sub(r'<svg viewBox="\1" focusable="false" aria-hidden="true">', svg, count=1)
    for number, name in enumerate(dict.fromkeys(_IDS.findall(svg))):
        own = f"{chart.id}-{number}"
        svg = svg.replace(f'id="{name}"', f'id="{own}"').replace(f"url(#{name})", f"url(#{own})")
    return Markup(svg)  # noqa: S704 - the converter escapes every text it writes
