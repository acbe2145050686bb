"""pptx_elements.py: the XML elements behind python-pptx's objects."""

from __future__ import annotations

from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn

from needloop.private_interfaces import pptx_elements

_CONSEQUENCE = (
    "python-pptx keeps its XML elsewhere than in `_element` or `_spTree`: the slides cannot be made, or lose what this "
    "test is about. Follow it in private_interfaces/pptx_elements.py."
)


@pytest.fixture
def slide() -> Any:
    presentation = Presentation()
    return presentation.slides.add_slide(presentation.slide_layouts[5])


def test_a_shape_is_brought_to_the_front(slide: Any) -> None:
    title = slide.shapes.title
    slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 100, 100)
    pptx_elements.bring_to_front(slide.shapes, title)
    assert list(slide.shapes)[-1].shape_id == title.shape_id, _CONSEQUENCE


def test_a_shape_loses_the_themes_style(slide: Any) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 100, 100)
    pptx_elements.drop_style(shape)
    assert shape._element.find(qn("p:style")) is None, _CONSEQUENCE


def test_a_placeholder_with_a_place_of_its_own(slide: Any) -> None:
    assert not pptx_elements.has_own_place(slide.shapes.title), _CONSEQUENCE
    slide.shapes.title.left = slide.shapes.title.left
    assert pptx_elements.has_own_place(slide.shapes.title), _CONSEQUENCE


def test_the_typeface_of_chinese_text(slide: Any) -> None:
    run = slide.shapes.title.text_frame.paragraphs[0].add_run()
    run.font.name = "Arial"
    for typeface in ("SimSun", "Microsoft YaHei"):
        pptx_elements.set_east_asian_typeface(run.font, typeface)
    named = [element.get("typeface") for element in run.font._element.findall(qn("a:ea"))]
    assert named == ["Microsoft YaHei"], _CONSEQUENCE


def test_a_chart_has_a_description_and_a_label_of_one_point(slide: Any) -> None:
    data = CategoryChartData()
    data.categories = ["2026Q2", "2026Q3"]
    data.add_series("closed", [1, 2])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, 1000, 1000, data)
    pptx_elements.set_alternative_text(frame, "rises")
    assert 'descr="rises"' in frame._element.xml, _CONSEQUENCE
    label = frame.chart.plots[0].series[0].points[1].data_label
    pptx_elements.show_value_only(label)
    shown = {
        element.tag.rpartition("}")[2]: element.get("val")
        for element in label._get_or_add_dLbl()
        if element.tag.rpartition("}")[2].startswith("show")
    }
    assert shown.pop("showVal") == "1", _CONSEQUENCE
    assert set(shown.values()) == {"0"}, _CONSEQUENCE
