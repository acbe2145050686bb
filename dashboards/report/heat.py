"""How strongly the rates of a table are shaded: almost white for the lowest, the darkest shade for the highest."""

from __future__ import annotations

from dashboards.report.content.model import Cell, Number, NumberFormat, Table

# light enough for black figures on all of them
SHADES = ("#f7fafc", "#e6eff6", "#d3e3ef", "#bdd5e7", "#a5c6de")


def heat_of(table: Table) -> dict[tuple[int, int], int]:
    """The shade of each rate of a table that is to be shaded, by row and column: a place in SHADES."""
    if not table.heat:
        return {}
    rates = {
        (row, column): value
        for row, cells in enumerate(table.rows)
        for column, cell in enumerate(cells)
        if (value := _rate(cell)) is not None
    }
    if not rates:
        return {}
    lowest, highest = min(rates.values()), max(rates.values())
    width = (highest - lowest) / len(SHADES) or 1.0
    return {place: min(int((rate - lowest) / width), len(SHADES) - 1) for place, rate in rates.items()}


def _rate(cell: Cell) -> float | None:
    return cell.value if isinstance(cell, Number) and cell.format is NumberFormat.RATE else None
