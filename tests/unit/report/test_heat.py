"""Shades of a table's rates: the range of its rates in five equal parts."""

from __future__ import annotations

from dashboards.report.content.model import Cell, Column, Number, NumberFormat, Table, Text
from dashboards.report.heat import heat_of


def table(*rates: float | None, heat: bool = True) -> Table:
    cells: tuple[Cell, ...] = (
        Text("2026Q1", head=True),
        Number(90.0, NumberFormat.COUNT),
        *(Number(r, NumberFormat.RATE) for r in rates),
    )
    columns = tuple(Column(str(place)) for place in range(len(cells)))
    return Table("t", "T", columns, (cells,), heat=heat)


def test_shades_follow_the_size_of_rates_and_leave_other_cells_alone() -> None:
    # from 0.5 to 1.0: a fifth of the range is 0.1
    assert heat_of(table(0.5, 0.59, 0.61, 0.89, 0.91, 1.0, None)) == {
        (0, 2): 0,
        (0, 3): 0,
        (0, 4): 1,
        (0, 5): 3,
        (0, 6): 4,
        (0, 7): 4,
    }


def test_rates_that_are_all_the_same_have_one_shade_and_other_tables_none() -> None:
    assert heat_of(table(0.7, 0.7)) == {(0, 2): 0, (0, 3): 0}
    assert heat_of(table(None)) == {}
    assert heat_of(table(0.1, 0.9, heat=False)) == {}
