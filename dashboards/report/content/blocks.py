"""Blocks of those sentences, charts and tables that there are: what has no data leaves no empty frame behind."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.material import Material
from dashboards.report.content.model import Block, Chart, ChartGroup, Sentence, Sentences
from dashboards.report.content.tables import group_table


def sentence_block(found: Sequence[Sentence | None]) -> list[Block]:
    """The sentences that have something to say, as one block, or none."""
    sentences = tuple(sentence for sentence in found if sentence is not None)
    return [Sentences(sentences)] if sentences else []


def chart_block(charts: Sequence[Chart | None]) -> ChartGroup | None:
    """The charts that have data, side by side."""
    shown = tuple(chart for chart in charts if chart is not None)
    return ChartGroup(shown) if shown else None


def group_tables(
    material: Material, prefix: str, groupings: Sequence[str], metrics: Sequence[str], *, hide_small: bool = False
) -> list[Block]:
    """A table a grouping, with several metrics each."""
    tables: list[Block] = []
    for group_by in groupings:
        rows = material.group(group_by, metrics)
        if rows:
            caption = material.texts.text("annex.caption", group=material.grouping(group_by), quarter=material.period)
            tables.append(
                group_table(
                    material,
                    f"{prefix}-{group_by}",
                    caption,
                    group_by=group_by,
                    rows=rows,
                    metrics=[d for d in material.known(*metrics) if any(row.metric == d.metric for row in rows)],
                    hide_small=hide_small,
                )
            )
    return tables
