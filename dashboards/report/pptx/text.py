"""Text on slides: fonts for both scripts, sizes that fit their boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from dashboards.report.spreadsheet_formats import FONTS
from dashboards.report.text_width import text_width
from needloop.document_forms import Language
from needloop.private_interfaces.pptx_elements import set_east_asian_typeface

EAST_ASIAN_FONT = "Microsoft YaHei"
POINTS_AN_INCH = 72
LINE_HEIGHT = 1.3  # of the size
SPARE = 0.95  # of a line's width: the fonts of the machine that shows the slides may be wider than estimated


@dataclass(frozen=True)
class Style:
    """How a piece of text is set; size in points, colour as RRGGBB."""

    size: float
    colour: str = "1B2A3D"
    bold: bool = False


def rgb(name: str) -> Any:
    """A colour, such as `#1b2a3d`, as the library takes it."""
    return RGBColor.from_string(name.lstrip("#").upper())


def set_font(font: Any, style: Style, language: Language) -> None:
    """Sets size, weight, colour and the typefaces for Latin and for Chinese text."""
    font.size, font.bold, font.name = Pt(style.size), style.bold, FONTS[language]
    font.color.rgb = rgb(style.colour)
    set_east_asian_typeface(font, EAST_ASIAN_FONT)


def put(paragraph: Any, text: str, style: Style, language: Language) -> None:
    """Adds a run of text to a paragraph."""
    run = paragraph.add_run()
    run.text = text
    set_font(run.font, style, language)


def prepare(frame: Any, *, margin: float = 0.0, middle: bool = False) -> Any:
    """Sets a text frame up to hold our text, and returns its first paragraph. The margin is in inches."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(round(margin * 914_400))
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    return paragraph


def height_of(text: str, size: float, width: float) -> float:
    """About how high a text stands when set in lines of a width; all in inches but the size in points."""
    lines = sum(
        max(math.ceil(text_width(line, size) / (width * POINTS_AN_INCH * SPARE)), 1) for line in text.split("\n")
    )
    return lines * size * LINE_HEIGHT / POINTS_AN_INCH


def fitting_size(texts: list[str], sizes: tuple[float, ...], width: float, height: float, gap: float = 0.0) -> float:
    """The first of the sizes, the largest first, at which all texts below each other fit; else the last."""
    for size in sizes:
        if sum(height_of(text, size, width) + gap for text in texts) <= height:
            return size
    return sizes[-1]


def cut(text: str, size: float, width: float, lines: int) -> str:
    """The text, cut with an ellipsis where it needs more lines than there are."""
    room = width * POINTS_AN_INCH * lines * SPARE
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
