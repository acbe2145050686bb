"""How wide a table's columns are to be, estimated from what they hold: numbers and words stay whole, texts wrap."""

from __future__ import annotations

import re

from dashboards.report.cell_text import cell_text
from dashboards.report.content.model import Column, Table
from dashboards.report.text_width import text_width
from needloop.document_forms import Language

TEXT = 44.0  # ems that a column of texts asks for at most; longer texts wrap
SHORT = 12.0  # a column whose texts are all shorter than this does not wrap
WORD = 24.0  # ems up to which a word is kept whole
NARROWEST = 2.0
SLACK = 0.3  # beside a text that is kept whole: its width is an estimate
HAN_HEAD = 4.0  # ems into which a Chinese head may be broken
# a text breaks at spaces, between Chinese characters, and after a slash that no digit follows
_UNBROKEN = re.compile(r"(?:/(?=\d)|[^\s/\u2e80-\u9fff])+")


def column_widths(table: Table, language: Language, room: float) -> tuple[float, ...]:
    """The width of each column in ems (the width of a full-width character), which add up to `room`.

    Each column gets what it cannot do without; what is left goes to those that could use more, then to all.
    """
    asked = [_asked(table, place, column, language) for place, column in enumerate(table.columns)]
    least, wished = sum(low for low, _ in asked), sum(high for _, high in asked)
    if wished <= room or wished == least:
        return tuple(high * room / wished for _, high in asked)
    share = max(room - least, 0.0) / (wished - least)
    widths = [low + (high - low) * share for low, high in asked]
    return tuple(width * room / sum(widths) for width in widths)


def _asked(table: Table, place: int, column: Column, language: Language) -> tuple[float, float]:
    """The least width and the wished one of a column."""
    texts = [cell_text(row[place], language) for row in table.rows]
    longest = max((text_width(text, 1.0) for text in texts), default=0.0)
    head = text_width(column.title, 1.0)
    head_word = min(head, HAN_HEAD) if language == "zh" else _longest_word([column.title])
    kept_whole = column.numeric or longest <= SHORT
    least = max(longest + SLACK if kept_whole else min(_longest_word(texts), WORD), head_word, NARROWEST)
    return least, max(least, min(max(longest, head), TEXT))


def _longest_word(texts: list[str]) -> float:
    return max((text_width(word, 1.0) for text in texts for word in _UNBROKEN.findall(text)), default=0.0)
