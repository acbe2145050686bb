"""Lays a section out on a slide: its message as the title, below it the best of what it holds.

Nothing here knows a particular section: key figures become cards, charts stand side by side, a section without
either shows its sentences or its first table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from dashboards.report.catalogue import Catalogue
from dashboards.report.cell_text import cell_text
from dashboards.report.column_widths import column_widths
from dashboards.report.content.model import (
    Block,
    Cell,
    Change,
    Chart,
    ChartGroup,
    KeyFigure,
    KeyFigures,
    Note,
    Number,
    Report,
    Section,
    Sentence,
    Sentences,
    Table,
    Text,
    Verdict,
)
from dashboards.report.heat import SHADES, heat_of
from dashboards.report.number_text import number_and_unit, number_text
from dashboards.report.pptx.native_charts import Box, ChartDrawer
from dashboards.report.pptx.template import BRAND, HEIGHT, TITLE_ONLY, WIDTH, layout_named
from dashboards.report.pptx.text import (
    POINTS_AN_INCH,
    SPARE,
    Style,
    cut,
    fitting_size,
    height_of,
    prepare,
    put,
    rgb,
)
from needloop.private_interfaces.pptx_elements import bring_to_front, drop_style

MUTED, LINE, SOFT, INK = "#56637a", "#dbe1e9", "#f4f6f9", "#1b2a3d"
VERDICTS = {Verdict.GOOD: "#1a7046", Verdict.BAD: "#b02a1e", Verdict.NEUTRAL: MUTED}
RUNNING = "#8a5a00"
SIDE = 0.6  # inches
CELL_SIDE = 0.08
BODY = Box(SIDE, 1.62, WIDTH - 2 * SIDE, 5.2)
CARD_TEXT = 1.72  # inches of a card that its words take
CHARTS, TABLE_ROWS, TABLE_COLUMNS, SENTENCES, SENTENCES_BESIDE = 2, 11, 8, 8, 3


class SlideWriter:
    """Writes slides of one report."""

    def __init__(self, presentation: Any, report: Report, texts: Catalogue) -> None:
        self._presentation = presentation
        self._report = report
        self._texts = texts
        self._language = texts.language
        self._charts = ChartDrawer(texts.language, report.release.created_at)

    def cover(self) -> None:
        """The first slide."""
        cover = self._report.cover
        slide = self._presentation.slides.add_slide(layout_named(self._presentation, TITLE_ONLY))
        self._rectangle(slide, Box(0, 0, WIDTH, 5.1), fill=BRAND)
        title = slide.shapes.title
        self._place(title, Box(SIDE + 0.3, 1.6, WIDTH - 2 * SIDE - 0.6, 1.2))
        bring_to_front(slide.shapes, title)  # over the coloured ground
        put(prepare(title.text_frame, middle=True), cover.title, Style(40, "FFFFFF", bold=True), self._language)
        self._box(slide, Box(SIDE + 0.3, 2.8, 11, 0.5), cover.subtitle, Style(16, "B9CDE0"))
        quarter = f"{cover.quarter}   {cover.quarter_label}"
        self._box(slide, Box(SIDE + 0.3, 3.6, 11, 0.6), quarter, Style(24, "FFD592", bold=True))
        if cover.in_progress_label:
            self._box(slide, Box(SIDE + 0.3, 4.3, 11, 0.5), cover.in_progress_label, Style(16, "FFD592"))
        facts = self._text_box(slide, Box(SIDE + 0.3, 5.4, 11.5, 1.7))
        for place, (name, value) in enumerate(cover.facts):
            paragraph = facts.paragraphs[0] if place == 0 else facts.add_paragraph()
            put(paragraph, f"{name}  ", Style(12, MUTED), self._language)
            put(paragraph, value, Style(12, INK), self._language)

    def section(self, section: Section, number: int) -> None:
        """One slide of a section."""
        slide = self._presentation.slides.add_slide(layout_named(self._presentation, TITLE_ONLY))
        kicker = f"{number}  {section.title}"
        self._box(slide, Box(SIDE, 0.3, BODY.width, 0.35), kicker, Style(13, "C07A1C", bold=True))
        self._title(slide, section.message.text if section.message else section.title)
        self._rectangle(slide, Box(SIDE, 1.48, BODY.width, 0.02), fill=BRAND)
        rows = list(section.message.rows) if section.message else []
        rows += self._body(slide, section)
        self._foot(slide)
        self._notes(slide, section, rows)

    def _title(self, slide: Any, text: str) -> None:
        box = Box(SIDE, 0.62, BODY.width, 0.84)
        size = fitting_size([text], (26, 24, 22, 20, 18, 16, 14), box.width, box.height)
        self._place(slide.shapes.title, box)
        lines = max(int(box.height / height_of("x", size, 1.0)), 1)
        paragraph = prepare(slide.shapes.title.text_frame, middle=True)
        put(paragraph, cut(text, size, box.width, lines), Style(size, BRAND, bold=True), self._language)

    def _body(self, slide: Any, section: Section) -> list[str]:
        """Fills the slide and returns the ids of the rows whose numbers it shows."""
        blocks = section.blocks
        figures = next((block for block in blocks if isinstance(block, KeyFigures)), None)
        sentences = [s for block in blocks if isinstance(block, Sentences) for s in block.sentences]
        charts = list(_charts(blocks))
        table = next((block for block in blocks if isinstance(block, Table)), None)
        remarks = [block for block in blocks if isinstance(block, Note)]
        if figures is not None:
            return self._cards(slide, figures, remarks)
        if not charts and table is None and not sentences:
            texts = [note.text for note in remarks] or [section.lead]
            self._box(slide, Box(SIDE, 2.2, BODY.width, 1.5), "\n".join(texts), Style(20, MUTED))
            return []
        if not charts and table is None:
            return self._sentences(slide, sentences, BODY)
        beside = sentences[:SENTENCES_BESIDE]
        room = sum(height_of(s.text, 14, BODY.width - 0.5) + 0.22 for s in beside)
        top = min(room, 2.2)
        rows = self._sentences(slide, beside, Box(BODY.left, BODY.top, BODY.width, top)) if beside else []
        rest = Box(BODY.left, BODY.top + top, BODY.width, BODY.height - top)
        if charts:
            return rows + self._side_by_side(slide, charts, rest)
        return rows + (self._table(slide, table, rest) if table else [])

    def _side_by_side(self, slide: Any, charts: list[Chart], box: Box) -> list[str]:
        wide = next((chart for chart in charts if chart.wide), None)
        shown = [wide] if wide else charts[:CHARTS]
        width = (box.width - 0.3 * (len(shown) - 1)) / len(shown)
        for place, chart in enumerate(shown):
            self._charts.draw(slide, chart, Box(box.left + place * (width + 0.3), box.top, width, box.height))
        numbers = [point.number for chart in shown for series in chart.series for point in series.points]
        return [number.row for number in numbers if number.row]

    def _cards(self, slide: Any, block: KeyFigures, remarks: list[Note]) -> list[str]:
        top = BODY.top
        for note in remarks:
            self._box(slide, Box(SIDE, top, BODY.width, 0.4), note.text, Style(13, RUNNING))
            top += 0.45
        figures = block.figures[:8]
        lines = 1 if len(figures) <= 4 else 2
        width, height = (BODY.width - 0.6) / 4, (BODY.top + BODY.height - top - 0.2 * (lines - 1)) / lines
        for place, figure in enumerate(figures):
            line, column = divmod(place, 4)
            box = Box(SIDE + column * (width + 0.2), top + line * (height + 0.2), width, height)
            self._card(slide, figure, box)
        return [
            row for f in figures for row in dict.fromkeys(n.row for n in (f.number, *(p for _, p in f.parts))) if row
        ]

    def _card(self, slide: Any, figure: KeyFigure, box: Box) -> None:
        self._rectangle(slide, box, fill="#ffffff", line=LINE)
        self._rectangle(slide, Box(box.left, box.top, box.width, 0.06), fill="#1f4e79")
        frame = self._text_box(slide, box, margin=0.16)
        size = fitting_size([figure.label], (14, 13, 12, 11), box.width - 0.4, 0.5)
        put(frame.paragraphs[0], figure.label, Style(size, INK, bold=True), self._language)
        digits, unit = number_and_unit(figure.number, self._language)
        value = frame.add_paragraph()
        put(value, digits, Style(30, BRAND, bold=True), self._language)
        put(value, unit, Style(15, BRAND, bold=True), self._language)
        t = self._texts.text
        marks = [t("mark.small")] * figure.number.small + [t("mark.in_progress")] * figure.in_progress
        if marks:
            put(value, "  " + " · ".join(marks), Style(11, RUNNING), self._language)
        parts = "  ".join(f"{name} {number_text(number, self._language)}" for name, number in figure.parts)
        fits = fitting_size([parts], (11, 10, 9, 8), box.width - 0.4, height_of("x", 11, 1.0))
        put(frame.add_paragraph(), parts, Style(fits, MUTED), self._language)
        for change in figure.changes:
            paragraph = frame.add_paragraph()
            paragraph.space_before = Pt(3)
            versus = t("page.versus", period=change.period) if change.period else t("page.versus_none")
            put(paragraph, f"{versus}  ", Style(11, MUTED), self._language)
            words = f"{cell_text(change, self._language)} {t(f'page.verdict_{change.verdict}')}"
            put(paragraph, words, Style(11, VERDICTS[change.verdict], bold=True), self._language)
        if figure.trend is not None and box.height > CARD_TEXT + 0.3:
            place = Box(box.left + 0.05, box.top + CARD_TEXT, box.width - 0.1, box.height - CARD_TEXT - 0.05)
            self._charts.sparkline(slide, figure.trend, place)

    def _sentences(self, slide: Any, sentences: list[Sentence], box: Box) -> list[str]:
        """As many of the sentences, the most important first, as can be read on a slide."""
        texts = [sentence.text for sentence in sentences[:SENTENCES]]
        size = fitting_size(texts, (18, 16, 15, 14, 13, 12), box.width - 0.5, box.height, 0.22)
        top = box.top
        for sentence in sentences[:SENTENCES]:
            height = height_of(sentence.text, size, box.width - 0.5) + 0.14
            if top > box.top and top + height > box.top + box.height:
                break
            self._rectangle(slide, Box(box.left, top, box.width, height), fill=SOFT)
            bar = "#9aa8ba" if sentence.verdict is Verdict.NEUTRAL else VERDICTS[sentence.verdict]
            self._rectangle(slide, Box(box.left, top, 0.07, height), fill=bar)
            frame = self._text_box(slide, Box(box.left + 0.2, top, box.width - 0.3, height), middle=True)
            put(frame.paragraphs[0], sentence.text, Style(size, INK), self._language)
            top += height + 0.08
        return [row for sentence in sentences[:SENTENCES] for row in sentence.rows]

    def _table(self, slide: Any, table: Table, box: Box) -> list[str]:
        """The table's first rows and columns; the whole of it is in the other forms."""
        columns, size = table.columns[:TABLE_COLUMNS], 11.0
        em = size / (POINTS_AN_INCH * SPARE)
        room = (box.width - 2 * CELL_SIDE * len(columns)) / em
        shown = Table(table.id, table.caption, columns, tuple(row[: len(columns)] for row in table.rows[:TABLE_ROWS]))
        widths = [ems * em for ems in column_widths(shown, self._language, room)]
        heads = [column.title for column in columns]
        texts = [
            [cut(cell_text(cell, self._language), size, w, 3) for cell, w in zip(row, widths, strict=True)]
            for row in shown.rows
        ]
        heights = [_row_height(line, widths, size) for line in (heads, *texts)]
        fits = max(sum(sum(heights[: n + 1]) <= box.height - 0.45 for n in range(1, len(heights))), 1)
        lines, texts, heights = shown.rows[:fits], texts[:fits], heights[: fits + 1]
        self._box(slide, Box(box.left, box.top, box.width, 0.35), table.caption, Style(13, INK, bold=True))
        room_taken = Box(box.left, box.top + 0.4, box.width, sum(heights))
        frame = slide.shapes.add_table(len(lines) + 1, len(columns), *room_taken.inches)
        frame.name = table.caption
        for column, width in enumerate(widths):
            frame.table.columns[column].width = Inches(width + 2 * CELL_SIDE)
        for row, height in enumerate(heights):
            frame.table.rows[row].height = Inches(height)
        for column, head in enumerate(columns):
            self._table_cell(frame.table.cell(0, column), head.title, Style(size, "FFFFFF", bold=True), head.numeric)
        shades = heat_of(table)
        for row, (cells, words) in enumerate(zip(lines, texts, strict=True), 1):
            for column, (cell, text) in enumerate(zip(cells, words, strict=True)):
                place = frame.table.cell(row, column)
                self._table_cell(place, text, _style(cell, size), columns[column].numeric)
                if (shade := shades.get((row - 1, column))) is not None:
                    place.fill.solid()
                    place.fill.fore_color.rgb = rgb(SHADES[shade])
        numbers = [cell for row in lines for cell in row if isinstance(cell, Number)]
        return [number.row for number in numbers if number.row]

    def _table_cell(self, cell: Any, text: str, style: Style, numeric: bool) -> None:
        cell.margin_left = cell.margin_right = Inches(CELL_SIDE)
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
        put(paragraph, text, style, self._language)

    def _foot(self, slide: Any) -> None:
        cover = self._report.cover
        words = " · ".join((cover.title, cover.quarter, self._report.release.release_id))
        self._box(slide, Box(SIDE, HEIGHT - 0.45, 10, 0.3), words, Style(10, MUTED))
        number = self._text_box(slide, Box(WIDTH - SIDE - 1, HEIGHT - 0.45, 1, 0.3)).paragraphs[0]
        number.alignment = PP_ALIGN.RIGHT
        put(number, str(len(self._presentation.slides)), Style(10, MUTED), self._language)

    def _notes(self, slide: Any, section: Section, rows: list[str]) -> None:
        """What the slide rests on, for the one who presents it."""
        t = self._texts.text
        lines = [section.lead, "", t("page.slide_rows"), *dict.fromkeys(rows)]
        slide.notes_slide.notes_text_frame.text = "\n".join(lines if rows else [section.lead])

    def _place(self, shape: Any, box: Box) -> None:
        shape.left, shape.top, shape.width, shape.height = box.inches

    def _rectangle(self, slide: Any, box: Box, *, fill: str, line: str | None = None) -> None:
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.inches)
        drop_style(shape)
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(fill)
        if line is None:
            shape.line.fill.background()
        else:
            shape.line.color.rgb = rgb(line)
            shape.line.width = Pt(0.75)

    def _text_box(self, slide: Any, box: Box, *, margin: float = 0.0, middle: bool = False) -> Any:
        frame = slide.shapes.add_textbox(*box.inches).text_frame
        prepare(frame, margin=margin, middle=middle)
        return frame

    def _box(self, slide: Any, box: Box, text: str, style: Style) -> None:
        put(self._text_box(slide, box).paragraphs[0], text, style, self._language)


def _charts(blocks: Iterable[Block]) -> Iterable[Chart]:
    for block in blocks:
        if isinstance(block, Chart):
            yield block
        elif isinstance(block, ChartGroup):
            yield from block.charts


def _row_height(texts: list[str], widths: list[float], size: float) -> float:
    return max(height_of(text, size, width) for text, width in zip(texts, widths, strict=True)) + 0.08


def _style(cell: Cell, size: float) -> Style:
    if isinstance(cell, Change):
        return Style(size, VERDICTS[cell.verdict])
    if isinstance(cell, Text):
        marked = {"good": VERDICTS[Verdict.GOOD], "bad": VERDICTS[Verdict.BAD], "muted": MUTED}
        return Style(size, marked.get(cell.mark, INK), bold=cell.head)
    return Style(size, RUNNING if cell.small else INK)
