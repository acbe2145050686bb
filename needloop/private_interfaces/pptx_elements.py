"""What python-pptx cannot express, written directly to the XML elements behind its objects."""

from __future__ import annotations

from typing import Any

from pptx.oxml.ns import qn


def bring_to_front(shapes: Any, shape: Any) -> None:
    """Draw a shape on top of all others on its slide."""
    shapes._spTree.append(shape._element)


def drop_style(shape: Any) -> None:
    """Remove the theme's style from a new shape, which has a shadow."""
    shape._element.remove(shape._element.find(qn("p:style")))


def has_own_place(shape: Any) -> bool:
    """Whether a placeholder has its own position rather than the master's."""
    return shape._element.spPr.xfrm is not None


def set_east_asian_typeface(font: Any, typeface: str) -> None:
    """Set the typeface of Chinese text; set that of Latin text first."""
    properties = font._element
    for other in properties.findall(qn("a:ea")):
        properties.remove(other)
    properties.find(qn("a:latin")).addnext(properties.makeelement(qn("a:ea"), {"typeface": typeface}))


def set_alternative_text(frame: Any, text: str) -> None:
    """Describe a chart for screen readers."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)


def show_value_only(label: Any) -> None:
    """Let the label of a single point show its value and nothing else."""
    element = label._get_or_add_dLbl()
    for name in ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        found = element.find(qn(f"c:{name}"))
        if found is not None:
            found.set("val", "0")
    element.find(qn("c:showVal")).set("val", "1")
