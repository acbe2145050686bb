"""An empty 16:9 presentation in the report's fonts and colours, from the library's own template."""

from __future__ import annotations

from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.util import Inches

from dashboards.report.drawing.vega_lite import INK, SERIES
from dashboards.report.pptx.text import EAST_ASIAN_FONT, rgb
from dashboards.report.spreadsheet_formats import FONTS
from needloop.document_forms import Language
from needloop.private_interfaces.pptx_elements import has_own_place

WIDTH, HEIGHT = 13.333, 7.5  # inches
BRAND = "#173a5e"
TITLE_ONLY = "Title Only"
_KEPT = (TITLE_ONLY, "Title Slide", "Title and Content", "Blank")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def empty_presentation(language: Language) -> Any:
    """A presentation without slides; its layouts fit the wide format, so that slides can be added by hand."""
    presentation = Presentation()
    stretch = Inches(WIDTH) / presentation.slide_width
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    layouts = presentation.slide_layouts
    for layout in list(layouts):
        if layout.name not in _KEPT:
            layouts.remove(layout)
    for part in (presentation.slide_master, *layouts):
        for shape in part.placeholders:
            if has_own_place(shape):  # others take their place from the master
                shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
    theme = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme.blob = _themed(theme.blob, language)
    return presentation


def layout_named(presentation: Any, name: str) -> Any:
    """A layout of the template."""
    return next(layout for layout in presentation.slide_layouts if layout.name == name)


def _themed(blob: bytes, language: Language) -> bytes:
    root: Any = parse_xml(blob)
    for fonts in (*root.iter(f"{_A}majorFont"), *root.iter(f"{_A}minorFont")):
        fonts.find(f"{_A}latin").set("typeface", FONTS[language])
        fonts.find(f"{_A}ea").set("typeface", EAST_ASIAN_FONT)
    colours = {"dk2": BRAND, "dk1": INK} | {f"accent{place}": one for place, one in enumerate((BRAND, *SERIES), 1)}
    for name, value in colours.items():
        for slot in root.iter(f"{_A}{name}"):
            for old in list(slot):
                slot.remove(old)
            slot.append(slot.makeelement(f"{_A}srgbClr", {"val": str(rgb(value))}))
    return bytes(serialize_part_xml(root))
