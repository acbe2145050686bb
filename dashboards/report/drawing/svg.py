"""Draws Vega-Lite specifications as SVG files, without a browser or a network; each chart is drawn once."""

from __future__ import annotations

import re

import vl_convert

from dashboards.report.content.model import Chart
from dashboards.report.drawing.vega_lite import FONT, FONT_STACK, chart_spec
from needloop.document_forms import Language

_IDS = re.compile(r"\bid=\"([^\"]+)\"")


class Drawings:
    """The drawings of one report in one language, by chart; drawn when first asked for."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._drawn: dict[Chart, str] = {}

    def svg(self, chart: Chart) -> str:
        """A chart as an SVG document.

        Ids are numbered within the chart, so that charts on one page do not refer to each other's clip paths and
        the same chart always has the same bytes.
        """
        if chart not in self._drawn:
            self._drawn[chart] = _draw(chart, self._language)
        return self._drawn[chart]


def _draw(chart: Chart, language: Language) -> str:
    svg: str = vl_convert.vegalite_to_svg(chart_spec(chart, language), allowed_base_urls=[])
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{FONT_STACK}"')
    for number, name in enumerate(dict.fromkeys(_IDS.findall(svg))):
        own = f"{chart.id}-{number}"
        svg = svg.replace(f'id="{name}"', f'id="{own}"').replace(f"url(#{name})", f"url(#{own})")
    return svg
