"""Charts that PowerPoint draws and lets edit, each with a workbook of its numbers that holds no formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Inches, Pt

from dashboards.report.content.model import Chart, ChartKind, Number, NumberFormat, Point, Series
from dashboards.report.drawing.vega_lite import BEFORE, GRID, INK, MUTED, PALE, SERIES, series_colours, shortened
from dashboards.report.pptx.text import Style, put, rgb, set_font
from dashboards.report.spreadsheet_formats import axis_format, spreadsheet_format
from dashboards.report.xlsx.safe_workbook import cell_content, dated, safe_workbook
from needloop.document_forms import Language
from needloop.private_interfaces.pptx_elements import set_alternative_text, show_value_only
from needloop.private_interfaces.xlsxwriter_numbers import ExactWorksheet

_LABEL_LIMIT = 230  # pixels of a bar's label
NEARLY_ALL = 0.8
CLOSE = 0.09  # of the highest value: two labels closer than this would overlap
_SHEET = "Sheet1"  # the name that the library's references use
_TYPES: dict[ChartKind, XL_CHART_TYPE] = {
    ChartKind.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.LINES: XL_CHART_TYPE.LINE_MARKERS,
    ChartKind.SPARKLINE: XL_CHART_TYPE.LINE_MARKERS,
    ChartKind.STACKED_COLUMNS: XL_CHART_TYPE.COLUMN_STACKED,
    ChartKind.PARETO: XL_CHART_TYPE.BAR_CLUSTERED,
}


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def inches(self) -> tuple[Any, Any, Any, Any]:
        """As the library takes it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


class ChartDrawer:
    """Puts charts on slides."""

    def __init__(self, language: Language, created: datetime) -> None:
        self._language: Language = language
        self._created = created

    def draw(self, slide: Any, chart: Chart, box: Box) -> None:
        """Draws a chart into a box. A Pareto chart becomes two side by side, the shares on the right."""
        if chart.kind is not ChartKind.PARETO:
            self._draw(slide, chart, chart.series, box, chart.title)
            return
        left = Box(box.left, box.top, box.width * 0.68, box.height)
        right = Box(box.left + box.width * 0.7, box.top, box.width * 0.3, box.height)
        self._draw(slide, chart, chart.series[:1], left, chart.series[0].name)
        shares = self._draw(slide, chart, chart.series[1:], right, chart.series[1].name)
        shares.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        self._fill(shares.plots[0].series[0], SERIES[1])

    def sparkline(self, slide: Any, chart: Chart, box: Box) -> None:
        """A line without axes, title or legend."""
        frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *box.inches, self._data(chart.series))
        frame.name = chart.title
        set_alternative_text(frame, chart.description)
        drawn = frame.chart
        drawn.part.chart_workbook.update_from_xlsx_blob(self._workbook(chart.series, chart.title))
        drawn.has_title = drawn.has_legend = False
        drawn.value_axis.visible = drawn.category_axis.visible = drawn.value_axis.has_major_gridlines = False
        line = drawn.plots[0].series[0]
        line.smooth = False
        line.format.line.color.rgb = rgb(SERIES[0])
        line.format.line.width = Pt(1.75)

    def _draw(self, slide: Any, chart: Chart, series: tuple[Series, ...], box: Box, title: str) -> Any:
        frame = slide.shapes.add_chart(_TYPES[chart.kind], *box.inches, self._data(series))
        frame.name = title
        set_alternative_text(frame, chart.description)
        drawn = frame.chart
        drawn.part.chart_workbook.update_from_xlsx_blob(self._workbook(series, title))
        set_font(drawn.font, Style(11, MUTED), self._language)
        drawn.has_title = True
        put(drawn.chart_title.text_frame.paragraphs[0], title, Style(13, INK, bold=True), self._language)
        drawn.chart_title.include_in_layout = False
        drawn.has_legend = len(series) > 1
        if drawn.has_legend:
            drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
            drawn.legend.include_in_layout = False
        if chart.kind in (ChartKind.BARS, ChartKind.PARETO):
            self._bars(drawn, series)
        else:
            self._over_periods(drawn, chart, series)
        return drawn

    def _data(self, series: tuple[Series, ...]) -> CategoryChartData:
        data = CategoryChartData()
        data.categories = [_label(point) for point in series[0].points]
        for one in series:
            code = _short(one.points[0].number, self._language)
            data.add_series(one.name, [point.number.value for point in one.points], number_format=code)
        return data

    def _workbook(self, series: tuple[Series, ...], title: str) -> bytes:
        """The chart's numbers where the library's references point; its own workbook would take texts for formulas."""
        file = BytesIO()
        workbook = safe_workbook(file)
        dated(workbook, self._created, title)
        sheet = workbook.add_worksheet(_SHEET, ExactWorksheet)
        for row, point in enumerate(series[0].points, 1):
            sheet.write_string(row, 0, cell_content(_label(point)))
        for column, one in enumerate(series, 1):
            code = spreadsheet_format(one.points[0].number, self._language)
            style = workbook.add_format({"num_format": code})
            sheet.write_string(0, column, cell_content(one.name))
            for row, point in enumerate(one.points, 1):
                if point.number.value is not None:
                    sheet.write_number(row, column, point.number.value, style)
        sheet.set_column(0, 0, 30)
        workbook.close()
        return file.getvalue()

    def _bars(self, drawn: Any, series: tuple[Series, ...]) -> None:
        plot = drawn.plots[0]
        plot.gap_width, plot.overlap = 55, -5
        drawn.category_axis.reverse_order = True
        drawn.category_axis.major_tick_mark = XL_TICK_MARK.NONE
        drawn.category_axis.format.line.color.rgb = rgb(GRID)
        set_font(drawn.category_axis.tick_labels.font, Style(11, INK), self._language)
        drawn.value_axis.visible = False
        drawn.value_axis.has_major_gridlines = False
        _begin_at_zero(drawn, series)
        for place, one in enumerate(plot.series):
            self._fill(one, SERIES[0] if place == 0 else BEFORE)
        for index, point in enumerate(series[0].points):
            if point.number.small:
                self._fill(plot.series[0].points[index], PALE)
        labels = plot.series[0].data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
        labels.number_format_is_linked = False
        labels.number_format = spreadsheet_format(series[0].points[0].number, self._language)
        set_font(labels.font, Style(11, INK, bold=True), self._language)

    def _over_periods(self, drawn: Any, chart: Chart, series: tuple[Series, ...]) -> None:
        values, periods = drawn.value_axis, drawn.category_axis
        values.major_gridlines.format.line.color.rgb = rgb(GRID)
        values.format.line.fill.background()
        values.tick_labels.number_format_is_linked = False
        values.tick_labels.number_format = axis_format(series[0].points[0].number, self._language)
        periods.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # below the chart, also where values lie below zero
        periods.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
        periods.format.line.color.rgb = rgb(GRID)
        _begin_at_zero(drawn, series)
        _end_at_one(drawn, series)
        if chart.kind is ChartKind.STACKED_COLUMNS:
            drawn.plots[0].gap_width, drawn.plots[0].overlap = 45, 100
            for one, colour in zip(drawn.plots[0].series, series_colours(chart), strict=True):
                self._fill(one, colour)
            return
        below = _labels_below(series)
        for place, (one, source) in enumerate(zip(drawn.plots[0].series, series, strict=True)):
            self._line(one, source, SERIES[place % len(SERIES)], label_below=place in below)

    def _line(self, drawn: Any, series: Series, colour: str, *, label_below: bool) -> None:
        """A line with its last value written at its end; points of few cases or in progress are hollow."""
        drawn.smooth = False
        drawn.format.line.color.rgb = rgb(colour)
        drawn.format.line.width = Pt(2.25)
        drawn.marker.size = 6
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = rgb(colour)
        drawn.marker.format.line.color.rgb = rgb(colour)
        known = [place for place, point in enumerate(series.points) if point.number.value is not None]
        for place in known:
            if series.points[place].number.small or series.points[place].in_progress:
                fill = drawn.points[place].marker.format.fill
                fill.solid()
                fill.fore_color.rgb = rgb("#ffffff")
        if known:
            label = drawn.points[known[-1]].data_label
            label.position = XL_LABEL_POSITION.BELOW if label_below else XL_LABEL_POSITION.ABOVE
            set_font(label.font, Style(11, colour, bold=True), self._language)
            show_value_only(label)

    def _fill(self, drawn: Any, colour: str) -> None:
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = rgb(colour)


def _labels_below(series: tuple[Series, ...]) -> set[int]:
    """The lines whose last value is written below its point, as the next higher line ends close above it."""
    ends = []
    for place, one in enumerate(series):
        known = [(point.key, point.number.value) for point in one.points if point.number.value is not None]
        if known:
            ends.append((place, *known[-1]))
    highest = max((abs(p.number.value or 0.0) for one in series for p in one.points), default=0.0)
    return {
        place
        for place, key, value in ends
        if any(value < other <= value + CLOSE * highest and key == at for _, at, other in ends)
    }


def _short(number: Number, language: Language) -> str:
    """The format of a value beside a line: as elsewhere, but large amounts in the unit of the axis."""
    if number.format is NumberFormat.MONEY:
        return axis_format(number, language)
    return spreadsheet_format(number, language)


def _begin_at_zero(drawn: Any, series: tuple[Series, ...]) -> None:
    numbers = [point.number for one in series for point in one.points]
    if numbers[0].format is not NumberFormat.SCORE and all((number.value or 0.0) >= 0 for number in numbers):
        drawn.value_axis.minimum_scale = 0


def _end_at_one(drawn: Any, series: tuple[Series, ...]) -> None:
    """Rates that come near 100 % get an axis up to there; left alone, it would go beyond."""
    numbers = [point.number for one in series for point in one.points]
    if numbers[0].format is NumberFormat.RATE and NEARLY_ALL < max(number.value or 0.0 for number in numbers) <= 1:
        drawn.value_axis.maximum_scale = 1


def _label(point: Point) -> str:
    return shortened(point.label.replace("\n", " · "), _LABEL_LIMIT)
