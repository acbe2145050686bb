"""Charts of the content model as Vega-Lite specifications, written as plain dicts.

All sizes and margins are set here and none is left to text measurement, so that a chart looks the same on machines
with other fonts. Colours come from one palette, which the style sheet shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from dashboards.report.content.model import Chart, ChartKind, NumberFormat, Point
from dashboards.report.number_text import number_text
from dashboards.report.text_width import text_width
from needloop.document_forms import Language

Spec = dict[str, Any]

INK = "#1b2a3d"
MUTED = "#56637a"
GRID = "#e4e8ee"
PALE = "#a9bdd0"
SERIES = ("#1f4e79", "#c07a1c", "#2f7d6d", "#7a4f8a")
BEFORE = "#ecd3ae"  # bars of the quarter before, where they are bars and not ticks
AGES = ("#cfdeea", "#9dbdd6", "#5f91b8", "#c98a3a", "#8c3b1f")
# parts of a whole that are no scale, such as stages: neighbours differ in lightness, not only in hue
PARTS = ("#c3ccd6", "#8c3b1f", "#d9903a", "#f0d3a4", "#9fc9bd", "#9dbdd6", "#3f7fae", "#173a5e")
FONT = "needloop-report"  # stands for FONT_STACK while drawing; no machine has it, so none measures text differently
FONT_STACK = (
    "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, "
    "Helvetica Neue, Arial, sans-serif"
)

HALF_WIDTH = 460
WIDE_WIDTH = 940
FONT_SIZE = 12
LINE_HEIGHT = 190
BAR_STEP = 30
PARETO_STEP = 42
LABEL_LIMIT = 200
LABEL_GAP = 18  # pixels from one label at the end of a line to the next
PARETO_LABEL_LIMIT = 340

_AXIS_FORMATS: dict[NumberFormat, str] = {
    NumberFormat.RATE: ".0%",
    NumberFormat.SCORE: ".1f",
    NumberFormat.DENSITY: ".1~f",
}
_AXIS_OF_MONEY: dict[Language, str] = {  # ten thousands and millions of yuan
    "zh": "format(datum.value / 1e4, ',~f') + '万'",
    "en": "format(datum.value / 1e6, ',~f') + 'M'",
}
_PERIOD_LABELS = (
    "length(datum.label) < 6 ? datum.label : slice(datum.label, 4) == 'Q1' || datum.index == 0"
    " ? [slice(datum.label, 4), slice(datum.label, 0, 4)] : slice(datum.label, 4)"
)
_CONFIG: Spec = {
    "aria": False,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": FONT_SIZE,
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelPadding": 6,
        "labelLimit": 0,
    },
    "text": {"fontSize": FONT_SIZE, "fill": INK},
}


def chart_spec(chart: Chart, language: Language) -> Spec:
    """The Vega-Lite specification of a chart. Numbers in it are written as everywhere else in the report."""
    return _DRAWERS[chart.kind](chart, language)


def series_colours(chart: Chart) -> tuple[str, ...]:
    """The colour of each series, in order, for the legend."""
    if chart.kind is ChartKind.STACKED_COLUMNS:
        palette = AGES if len(chart.series) <= len(AGES) else PARTS
        return tuple(palette[i % len(palette)] for i in range(len(chart.series)))
    return tuple(SERIES[i % len(SERIES)] for i in range(len(chart.series)))


def _frame(width: float, height: float, padding: tuple[float, float, float, float], layers: Sequence[Spec]) -> Spec:
    """A drawing of fixed size; padding is top, right, bottom, left, within the width but around the height."""
    top, right, bottom, left = padding
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": round(width - left - right),
        "height": round(height),
        "padding": {"top": top, "right": right, "bottom": bottom, "left": left},
        "autosize": "none",
        "background": None,
        "config": _CONFIG,
        "layer": list(layers),
    }


def _records(chart: Chart, language: Language) -> list[Spec]:
    return [
        {
            "key": point.key,
            "series": index,
            "value": point.number.value,
            "text": number_text(point.number, language),
            "open": point.number.small or point.in_progress,
            "running": point.in_progress,
        }
        for index, series in enumerate(chart.series)
        for point in series.points
    ]


def _colour(chart: Chart) -> Spec:
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(range(len(chart.series))), "range": list(series_colours(chart))},
        "legend": None,
    }


def _period_axis(chart: Chart) -> Spec:
    keys = [point.key for point in chart.series[0].points]
    return {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": keys},
        "axis": {"title": None, "labelAngle": 0, "labelExpr": _PERIOD_LABELS, "labelOverlap": False, "grid": False},
    }


def _value_axis(chart: Chart, language: Language) -> Spec:
    fmt = chart.series[0].points[0].number.format
    labels: Spec = {"format": _AXIS_FORMATS.get(fmt, ",~f")}
    if fmt is NumberFormat.MONEY:
        labels = {"labelExpr": _AXIS_OF_MONEY[language]}
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": _begins_at_zero(chart), "nice": True},
        "axis": {"title": None, "tickCount": 4, **labels},
    }


def _lines(chart: Chart, language: Language) -> Spec:
    records = _records(chart, language)
    known = [record for record in records if record["value"] is not None]
    ends = _ends(known, len(chart.series), from_zero=_begins_at_zero(chart))
    x, y, colour = _period_axis(chart), _value_axis(chart, language), _colour(chart)
    base = {"x": x, "y": y, "color": colour}
    whole = [record for record in records if not record["running"]]
    layers: list[Spec] = [
        {"data": {"values": whole}, "mark": {"type": "line", "strokeWidth": 2.2}, "encoding": base},
        {
            "data": {"values": _last_stretch(records)},
            "mark": {"type": "line", "strokeWidth": 2, "strokeDash": [4, 4]},
            "encoding": base,
        },
        {
            "data": {"values": known},
            "mark": {"type": "point", "filled": True, "size": 42, "opacity": 1},
            "encoding": {**base, "fill": _open_or_filled(colour), "stroke": colour, "strokeWidth": {"value": 1.8}},
        },
    ]
    layers += [  # each label is a layer, as a shift can be given to a whole layer only
        {
            "data": {"values": [end]},
            "mark": {"type": "text", "align": "left", "dx": 10, "dy": end["shift"], "fontWeight": 600, "fontSize": 13},
            "encoding": {**base, "text": {"field": "text"}},
        }
        for end in ends
    ]
    right = 14 + max((text_width(record["text"], 13) for record in ends), default=0)
    return _frame(HALF_WIDTH, LINE_HEIGHT, (14, right, 40, 50), layers)


def _open_or_filled(colour: Spec) -> Spec:
    return {"condition": {"test": "datum.open", "value": "#ffffff"}, **colour}


def _last_stretch(records: list[Spec]) -> list[Spec]:
    """For each series that ends in progress: its last whole point and the one in progress."""
    stretch: list[Spec] = []
    for before, now in pairwise(records):
        if now["running"] and before["series"] == now["series"]:
            stretch += [before, now]
    return stretch


def _begins_at_zero(chart: Chart) -> bool:
    """Scores and points have an axis of their own range: their zero says nothing."""
    return chart.series[0].points[0].number.format not in (NumberFormat.SCORE, NumberFormat.POINTS)


def _ends(known: list[Spec], count: int, *, from_zero: bool) -> list[Spec]:
    """The last known point of each series, with a shift in pixels that keeps two labels apart."""
    ends = [own[-1] | {"shift": 0} for i in range(count) if (own := [r for r in known if r["series"] == i])]
    ends.sort(key=lambda record: -record["value"])
    values = [record["value"] for record in known]
    spread = (max(values) - (min(0.0, *values) if from_zero else min(values))) or 1.0
    for upper, lower in pairwise(ends):
        if upper["key"] != lower["key"]:  # the labels stand at different quarters
            continue
        gap = (upper["value"] - lower["value"]) / spread * LINE_HEIGHT
        if gap < LABEL_GAP:
            upper["shift"] -= (LABEL_GAP - gap) / 2
            lower["shift"] += (LABEL_GAP - gap) / 2
    return ends


def _sparkline(chart: Chart, language: Language) -> Spec:
    records = [record for record in _records(chart, language) if record["value"] is not None]
    hidden: Spec = {"axis": None}
    x = {**_period_axis(chart), **hidden}
    y = {**_value_axis(chart, language), **hidden, "scale": {"zero": False}}
    layers: list[Spec] = [
        {
            "data": {"values": records},
            "mark": {"type": "line", "strokeWidth": 1.8, "color": PALE},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": records[-1:]},
            "mark": {"type": "point", "filled": True, "size": 46, "color": SERIES[0], "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
    ]
    return _frame(200, 40, (6, 8, 6, 8), layers)


def _bars(chart: Chart, language: Language) -> Spec:
    now = chart.series[0]
    before = {p.key: p for p in chart.series[1].points} if len(chart.series) > 1 else {}
    records = [_bar(point, before.get(point.key), language) for point in now.points]
    keys = [point.key for point in now.points]
    labels = {point.key: shortened(point.label, LABEL_LIMIT) for point in now.points}
    y: Spec = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": keys, "paddingInner": 0.42, "paddingOuter": 0.2},
        "axis": {
            "title": None,
            "grid": False,
            "labelExpr": _lookup(labels),
            "labelColor": INK,
            "labelFontSize": 13,
        },
    }
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": True, "nice": False, "domainMin": min(0.0, *(r["reach"] for r in records))},
        "axis": None,
    }
    fill = {"condition": {"test": "datum.open", "value": PALE}, "value": SERIES[0]}
    layers: list[Spec] = [
        {"data": {"values": records}, "mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "fill": fill}},
        {
            "data": {"values": [r for r in records if r["before"] is not None]},
            "mark": {
                "type": "tick",
                "thickness": 2.4,
                "size": 21,
                "color": SERIES[1],
                "opacity": 1,
                "orient": "vertical",
            },
            "encoding": {"x": {**x, "field": "before"}, "y": y},
        },
        {
            "data": {"values": records},
            "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": 600, "fontSize": 13},
            "encoding": {"x": {**x, "field": "reach"}, "y": y, "text": {"field": "text"}},
        },
    ]
    left = 14 + max(text_width(label, 13) for label in labels.values())
    right = 16 + max(text_width(record["text"], 13) for record in records)
    return _frame(HALF_WIDTH, BAR_STEP * len(records), (4, right, 4, left), layers)


def _bar(point: Point, before: Point | None, language: Language) -> Spec:
    value = point.number.value
    earlier = before.number.value if before else None
    return {
        "key": point.key,
        "value": value,
        "before": earlier,
        "reach": max(value or 0.0, earlier or 0.0),
        "text": number_text(point.number, language),
        "open": point.number.small,
    }


def shortened(label: str, limit: float) -> str:
    """The label with each line cut to a width in pixels. Done here because measuring text is what drawing spends on."""
    return "\n".join(_shortened_line(line, limit) for line in label.split("\n"))


def _shortened_line(line: str, limit: float) -> str:
    if text_width(line, 13) <= limit:
        return line
    while line and text_width(line + "…", 13) > limit:
        line = line[:-1]
    return line + "…"


def _lookup(labels: dict[str, str]) -> str:
    """A Vega expression from a point's key to its label."""
    return f"{_literal(labels)}[datum.value]"


def _literal(labels: dict[str, str]) -> str:
    return "{" + ",".join(f"{_quoted(key)}:{_quoted(label)}" for key, label in labels.items()) + "}"


def _quoted(text: str) -> str:
    """A string of Vega's expression language; every character that is not a letter or digit is escaped."""
    return "'" + "".join(c if c.isalnum() else "".join(_unit(u) for u in _utf16(c)) for c in text) + "'"


def _utf16(character: str) -> list[int]:
    data = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def _unit(unit: int) -> str:
    return f"\\u{unit:04x}"


def _stacked_columns(chart: Chart, language: Language) -> Spec:
    x, y, colour = _period_axis(chart), _value_axis(chart, language), _colour(chart)
    x["scale"] = {**x["scale"], "paddingInner": 0.3}
    layer: Spec = {
        "data": {"values": _records(chart, language)},
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {**y, "stack": "zero"},
            "color": colour,
            "order": {"field": "series", "sort": "ascending"},
            "opacity": {"condition": {"test": "datum.running", "value": 0.55}, "value": 1},
        },
    }
    return _frame(HALF_WIDTH, LINE_HEIGHT, (14, 10, 40, 50), [layer])


def _pareto(chart: Chart, language: Language) -> Spec:
    """Two panels on one scale from 0 to 1: bars up to 0.56 on the left, the cumulative share from 0.70 on the right."""
    hours, shares = chart.series
    most = max((point.number.value or 0.0 for point in hours.points), default=0.0) or 1.0
    records = [
        {
            "key": bar.key,
            "bar": 0.56 * (bar.number.value or 0.0) / most,
            "bar_text": number_text(bar.number, language),
            "share": 0.70 + 0.24 * (share.number.value or 0.0),
            "share_text": number_text(share.number, language),
        }
        for bar, share in zip(hours.points, shares.points, strict=True)
    ]
    labels = {p.key: shortened(p.label, PARETO_LABEL_LIMIT) for p in hours.points}
    y: Spec = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [p.key for p in hours.points], "paddingInner": 0.5, "paddingOuter": 0.25},
        "axis": {
            "title": None,
            "grid": False,
            "labelExpr": f"split({_literal(labels)}[datum.value], '\\n')",
            "labelColor": INK,
            "labelFontSize": 13,
            "labelLineHeight": 16,
            "labelOffset": -8,
        },
    }

    def x(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}

    heads = [{"at": 0, "text": hours.name}, {"at": 0.70, "text": shares.name}]
    guides = [{"at": 0.70}, {"at": 0.94}]
    text: Spec = {"type": "text", "align": "left", "fontWeight": 600, "fontSize": 13}
    layers: list[Spec] = [
        {"data": {"values": guides}, "mark": {"type": "rule", "color": GRID}, "encoding": {"x": x("at")}},
        {
            "data": {"values": records},
            "mark": {"type": "bar", "color": SERIES[0]},
            "encoding": {"x": x("bar"), "y": y},
        },
        {
            "data": {"values": records},
            "mark": {**text, "dx": 8},
            "encoding": {"x": x("bar"), "y": y, "text": {"field": "bar_text"}},
        },
        {
            "data": {"values": records},
            "mark": {"type": "line", "color": SERIES[1], "strokeWidth": 2, "orient": "vertical"},
            "encoding": {"x": x("share"), "y": y},
        },
        {
            "data": {"values": records},
            "mark": {"type": "point", "filled": True, "color": SERIES[1], "size": 52, "opacity": 1},
            "encoding": {"x": x("share"), "y": y},
        },
        {
            "data": {"values": records},
            "mark": {**text, "dx": 10},
            "encoding": {"x": x("share"), "y": y, "text": {"field": "share_text"}},
        },
        {
            "data": {"values": heads},
            "mark": {**text, "fill": MUTED, "fontWeight": 400, "baseline": "bottom", "dy": -6},
            "encoding": {"x": x("at"), "y": {"value": 0}, "text": {"field": "text"}},
        },
    ]
    left = 14 + max(text_width(label, 13) for label in labels.values())
    return _frame(WIDE_WIDTH, PARETO_STEP * len(records), (26, 24, 4, left), layers)


_DRAWERS: dict[ChartKind, Callable[[Chart, Language], Spec]] = {
    ChartKind.BARS: _bars,
    ChartKind.LINES: _lines,
    ChartKind.STACKED_COLUMNS: _stacked_columns,
    ChartKind.PARETO: _pareto,
    ChartKind.SPARKLINE: _sparkline,
}
