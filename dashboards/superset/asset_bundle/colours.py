"""Which series has which colour: the same metric has the same one in all charts of a dashboard."""

from __future__ import annotations

from dashboards.superset.appearance import CATEGORICAL_COLOURS, LIGHT, PALE

from .charts import Chart


def label_colours(charts: list[Chart]) -> dict[str, str]:
    """Colour of each series by its label; no two series of a chart share one while there are colours left."""
    colours: dict[str, str] = {}
    for chart in sorted(charts, key=lambda chart: -len(chart.drawing.series)):
        taken = {colours[names[0]] for names in chart.drawing.series if names[0] in colours}
        for names in chart.drawing.series:
            if names[0] not in colours:
                free = [colour for colour in CATEGORICAL_COLOURS if colour not in taken] or CATEGORICAL_COLOURS
                colours |= dict.fromkeys(names, free[0])
                taken.add(free[0])
        colours |= dict.fromkeys(chart.drawing.pale_series, PALE) | dict.fromkeys(chart.drawing.light_series, LIGHT)
    return colours
