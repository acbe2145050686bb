"""The PDF, page by page: nothing blank, fonts inside, numbers as published, contents that lead to the right pages."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from dashboards.report.content.model import Number, NumberFormat
from dashboards.report.generate import generate_report
from dashboards.report.number_text import number_text
from needloop.document_forms import FileFormat, Language
from tests.integration.report.published_numbers import published
from tests.integration.report.tiny_release import SECTION_1, SECTION_2, SECTIONS_3_TO_5, TinyRelease, worked_example

Files = dict[tuple[Language, FileFormat], Path]
FORMATS = {
    "count": NumberFormat.COUNT,
    "rate": NumberFormat.RATE,
    "hours": NumberFormat.HOURS,
    "yuan": NumberFormat.MONEY,
}
HOSTILE = '#pagebreak() $x$ *bold* <label> @ref #read("/etc/passwd") \\ \'" `raw`'


@pytest.fixture
def document(request: pytest.FixtureRequest, files: Files) -> Iterator[pdfium.PdfDocument]:
    opened = pdfium.PdfDocument(files[request.param, "pdf"])
    yield opened
    opened.close()


def texts(document: pdfium.PdfDocument) -> list[str]:
    """The text of each page, white space removed, as lines may break anywhere between Chinese characters."""
    return [
        re.sub(r"\s+", "", page.get_textpage().get_text_range().replace("\u200b", "").replace("\ufffe", ""))
        for page in document
    ]


@pytest.mark.parametrize("document", ["zh", "en"], indirect=True)
def test_pages_are_a4_and_none_is_blank(document: pdfium.PdfDocument) -> None:
    assert 10 <= len(document) <= 40
    for number, page in enumerate(document):
        assert page.get_size() == pytest.approx((595.276, 841.89), abs=0.1)
        grey = page.render(scale=0.5, grayscale=True).to_numpy()
        body = grey[grey.shape[0] // 12 : -grey.shape[0] // 12]  # without header and footer
        assert (body < 200).mean() > 0.004, f"page {number + 1} is as good as blank"
        edge = grey[:, -8:] if number else grey[-8:, :]
        assert (edge > 250).all(), f"page {number + 1} runs over its edge"


@pytest.mark.parametrize("document", ["zh", "en"], indirect=True)
def test_all_fonts_are_inside_and_are_ours(document: pdfium.PdfDocument) -> None:
    found = set()
    for page in document:
        for one in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT]):
            font = pdfium_c.FPDFTextObj_GetFont(one)
            name = ctypes.create_string_buffer(100)
            pdfium_c.FPDFFont_GetBaseFontName(font, name, 100)
            found.add((name.value.decode().split("+")[-1], pdfium_c.FPDFFont_GetIsEmbedded(font)))
    assert {name for name, _ in found} == {"NotoSansSC-Regular", "NotoSerifSC-Regular"}
    assert {embedded for _, embedded in found} == {1}


@pytest.mark.parametrize("document", ["zh", "en"], indirect=True)
def test_the_contents_and_bookmarks_lead_to_the_right_pages(document: pdfium.PdfDocument) -> None:
    pages = texts(document)
    bookmarks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert len(bookmarks) >= 18
    lines = [re.sub(r"\s+", "", line) for line in document[1].get_textpage().get_text_range().splitlines()]
    for title, index in bookmarks:
        plain = re.sub(r"\s+", "", title)
        assert plain in pages[index]
        assert [line for line in lines if re.fullmatch(re.escape(plain) + rf"\.+{index + 1}", line)], title
    assert f"{len(pages)}/{len(pages)}" in pages[-1]
    assert "20261003T010203Z" in pages[4]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_there_as_published(files: Files, example: Path, language: Language) -> None:
    with pdfium.PdfDocument(files[language, "pdf"]) as opened:
        text = "".join(texts(opened))
    numbers = published(example)
    units = {metric: said[0] for metric, said in (SECTION_1 | SECTION_2 | SECTIONS_3_TO_5).items()}
    checked = 0
    for metric, unit in units.items():
        row = numbers.get(f"{metric}/2026Q3/all/all")
        if row is None or row["value"] is None or unit not in FORMATS:
            continue
        label = f"指标{metric}" if language == "zh" else f"Metric{metric}"
        written = number_text(Number(row["value"], FORMATS[unit]), language).replace(" ", "")
        assert label + written in text
        checked += 1
    assert checked >= 12


def test_it_asks_for_nothing_and_runs_nothing(files: Files) -> None:
    content = files["zh", "pdf"].read_bytes()
    for word in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/SubmitForm"):
        assert word not in content
    with pdfium.PdfDocument(files["zh", "pdf"]) as opened:
        assert opened.get_metadata_value("CreationDate") == "D:20261003010203Z"
        assert opened.get_metadata_value("Title") == "需求闭环效能报告 · 2026Q3"


def test_hostile_and_long_labels_are_text_and_nothing_else(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.metric_labels = {"closed_loop_rate": (HOSTILE, HOSTILE)}
    tiny.labels = {("branch", "B1"): ("很长的网点名称" * 40, "long" * 120), ("grade", "P1"): (HOSTILE, HOSTILE)}
    tiny.weak_spot("2026Q3", 4, (HOSTILE, "w" * 300, "\x1b\x00控制"), 1, 1000, 1000)
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="pdf")
    with pdfium.PdfDocument(path) as opened:
        text = "".join(texts(opened))
        assert re.sub(r"\s+", "", HOSTILE) in text
        assert "root:" not in text
        for page in list(opened)[1:]:
            assert (page.render(scale=0.5, grayscale=True).to_numpy()[:, -8:] > 250).all(), "text runs over the edge"


def test_a_release_without_numbers_still_makes_a_report(tiny: TinyRelease, tmp_path: Path) -> None:
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="pdf")
    with pdfium.PdfDocument(path) as opened:
        assert "Noneedwasraisedin2026Q3." in "".join(texts(opened))


def test_a_quarter_in_progress_is_marked_on_the_cover_and_on_every_page(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.quarters["2026Q3"] = ("2026-07-01", "2026-09-30", "2026-08-15")
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="pdf")
    with pdfium.PdfDocument(path) as opened:
        pages = texts(opened)
    assert "Quarterinprogress,dataupto2026-08-15" in pages[0]
    assert all("2026Q3·inprogress" in page for page in pages[1:])
