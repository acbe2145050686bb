"""Charts that a spreadsheet draws itself, from the cells that hold their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.report.content.model import Chart, ChartKind, NumberFormat
from dashboards.report.drawing.vega_lite import BEFORE, GRID, INK, MUTED, series_colours
from dashboards.report.spreadsheet_formats import axis_format, spreadsheet_format
from needloop.document_forms import Language

CHART_ROWS = 17
NEARLY_ALL = 0.8
_SIZE = {"width": 560, "height": 320}
_TYPES: dict[ChartKind, dict[str, str]] = {
    ChartKind.BARS: {"type": "bar"},
    ChartKind.LINES: {"type": "line"},
    ChartKind.SPARKLINE: {"type": "line"},
    ChartKind.STACKED_COLUMNS: {"type": "column", "subtype": "stacked"},
    ChartKind.PARETO: {"type": "column"},
}


@dataclass(frozen=True)
class ChartPlace:
    """Where a chart's numbers are: title, head and points below each other, categories in the first column."""

    sheet: str
    title_row: int
    head_row: int
    points: int

    def cell(self, row: int, column: int) -> list[str | int]:
        """A cell as charts refer to it. Names are always references: a text could be taken for a formula."""
        return [self.sheet, row, column]

    def column(self, column: int) -> list[str | int]:
        """The points of one column."""
        return [self.sheet, self.head_row + 1, column, self.head_row + self.points, column]


def native_chart(workbook: Any, chart: Chart, place: ChartPlace, language: Language) -> Any:
    """A chart of xlsxwriter over the cells of `place`."""
    drawn = workbook.add_chart(_TYPES[chart.kind])
    pareto = chart.kind is ChartKind.PARETO
    for index in range(1 if pareto else len(chart.series)):
        drawn.add_series(_series(chart, place, index, language))
    if pareto:
        share = workbook.add_chart({"type": "line"})
        share.add_series(_series(chart, place, 1, language) | {"y2_axis": True})
        share.set_y2_axis({"min": 0, "max": 1, "num_format": "0%", "num_font": _font(9), "line": {"none": True}})
        drawn.combine(share)
    drawn.set_title({"name": place.cell(place.title_row, 0), "name_font": _font(12, bold=True), "overlay": False})
    drawn.set_size(_SIZE)
    single: dict[str, Any] = {"none": True}
    drawn.set_legend(single if len(chart.series) == 1 else {"position": "bottom", "font": _font(9)})
    drawn.show_blanks_as("gap")
    drawn.set_chartarea({"border": {"none": True}})
    _set_axes(drawn, chart, language)
    return drawn


def _set_axes(drawn: Any, chart: Chart, language: Language) -> None:
    labels: dict[str, Any] = {"num_font": _font(9), "line": {"color": GRID}, "major_tick_mark": "none"}
    if chart.kind is ChartKind.BARS:  # bars are listed from the top, as everywhere else in the report
        hidden: dict[str, Any] = {"visible": False, "major_gridlines": {"visible": False}}
        drawn.set_x_axis(hidden | _from_zero(chart))
        drawn.set_y_axis(labels | {"reverse": True})
        return
    code = axis_format(chart.series[0].points[0].number, language)
    values = labels | {"num_format": code, "major_gridlines": {"visible": True, "line": {"color": GRID}}}
    values |= _from_zero(chart) | _to_one(chart)
    drawn.set_x_axis(labels | {"label_position": "low"})  # below the chart, also where values lie below zero
    drawn.set_y_axis(values)


def _from_zero(chart: Chart) -> dict[str, Any]:
    """An axis that begins at zero, unless numbers lie below it or are scores, whose zero says nothing."""
    numbers = [point.number for series in chart.series for point in series.points]
    if numbers[0].format is NumberFormat.SCORE or any((number.value or 0.0) < 0 for number in numbers):
        return {}
    return {"min": 0}


def _to_one(chart: Chart) -> dict[str, Any]:
    """Rates that come near 100 % get an axis up to there; left alone, it would go beyond."""
    numbers = [point.number for series in chart.series for point in series.points]
    nearly_all = NEARLY_ALL < max(number.value or 0.0 for number in numbers) <= 1
    return {"max": 1} if numbers[0].format is NumberFormat.RATE and nearly_all else {}


def _series(chart: Chart, place: ChartPlace, index: int, language: Language) -> dict[str, Any]:
    colour = series_colours(chart)[index]
    series: dict[str, Any] = {
        "name": place.cell(place.head_row, index + 1),
        "categories": place.column(0),
        "values": place.column(index + 1),
    }
    if chart.kind is ChartKind.BARS and index > 0:
        colour = BEFORE
    line = chart.kind in (ChartKind.LINES, ChartKind.SPARKLINE) or (chart.kind is ChartKind.PARETO and index == 1)
    if line:
        marker = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
        return series | {"line": {"color": colour, "width": 2}, "marker": marker}
    series |= {"fill": {"color": colour}, "gap": 60}
    if chart.kind is ChartKind.BARS and index == 0:
        code = spreadsheet_format(chart.series[0].points[0].number, language)
        series["data_labels"] = {"value": True, "num_format": code, "font": _font(9, colour=INK)}
    return series


def _font(size: int, *, bold: bool = False, colour: str = MUTED) -> dict[str, Any]:
    return {"size": size, "bold": bold, "color": colour}
