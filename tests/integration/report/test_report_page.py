"""The file: self-contained, safe against hostile labels, always the same bytes, honest where data are missing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from dashboards.report.errors import ReportError
from dashboards.report.generate import generate_report, generate_reports, latest_whole_quarter
from needloop.document_forms import FileFormat, Language, UnknownFormError, listed_formats
from tests.integration.report.page import Page, read_page
from tests.integration.report.tiny_release import TinyRelease, worked_example

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}\\u0041'+1+'"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_needs_nothing_from_outside(pages: dict[Language, Page], language: Language) -> None:
    page = pages[language]
    assert re.findall(r"https?:|//|@import", re.sub(r"/\*.*?\*/", "", page.source)) == []
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", page.source)
    tags = {element.tag for element in page.root.all()}
    assert tags.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "base", "form"})
    policy = page.root.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for element in page.root.all():
        assert "style" not in element.attributes, "a style attribute would be refused by the policy"
        assert not [name for name in element.attributes if name.startswith("on")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_ids_are_unique_and_links_lead_somewhere(pages: dict[Language, Page], language: Language) -> None:
    elements = pages[language].root.all()
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = [element.attributes["href"] for element in elements if "href" in element.attributes]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(ids)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_and_tables_can_be_read_without_seeing(pages: dict[Language, Page], language: Language) -> None:
    root = pages[language].root
    assert root.one("html").attributes["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    figures = root.all("figure")
    assert len(figures) >= 10
    for figure in figures:
        assert figure.one("figcaption").text
        assert len(figure.one("div", role="img").attributes["aria-label"]) > 20
        assert figure.one("details").all("tbody")
    for table in root.all("table"):
        assert table.one("caption").text
        assert all(th.attributes.get("scope") in {"col", "row"} for th in table.all("th"))


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.metric_labels = dict.fromkeys(("closed_loop_rate", "sla_compliance"), (HOSTILE, HOSTILE))
    tiny.labels = {("grade", "P1"): (HOSTILE, HOSTILE), ("branch", "B1"): (HOSTILE, HOSTILE)}
    tiny.weak_spot("2026Q3", 4, (HOSTILE, HOSTILE, HOSTILE), 1, 1000, 1000)
    tiny.checks.append(
        ("crm.needs", "crm", HOSTILE, "warning", HOSTILE, False, 1, 2, *([HOSTILE] * 6), "2026-10-03 09:00:00")
    )
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    assert {e.tag for e in page.root.all()}.isdisjoint({"script", "img"})
    assert all(not name.startswith("on") for e in page.root.all() for name in e.attributes)
    labels = [text.text for text in page.root.one("figure", id="chart-sla-by-grade").all("text")]
    assert "P2 group" in labels
    assert any(label.startswith("<script>alert(1)</script>") for label in labels)
    assert page.root.one("article", id="metric-closed_loop_rate").one("h3").text.startswith(HOSTILE)


def test_same_release_same_bytes(example: Path, tmp_path: Path) -> None:
    first = generate_report(example, "2026Q3", language="en", out=tmp_path / "a")
    generate_report(example, "2026Q2", language="zh", out=tmp_path / "b")
    second = generate_report(example, "2026Q3", language="en", out=tmp_path / "b")
    assert first.name == second.name == "needs-closure-2026Q3.en.html"
    assert first.read_bytes() == second.read_bytes()


def test_all_forms_in_both_languages_are_the_same_bytes_again_within_fifteen_seconds(
    files: dict[tuple[Language, FileFormat], Path], example: Path, tmp_path: Path
) -> None:
    begin = time.process_time()
    again = generate_reports(example, "2026Q3", out=tmp_path)
    assert time.process_time() - begin < 15
    assert [path.name for path in again] == [path.name for path in files.values()]
    for path, first in zip(again, files.values(), strict=True):
        assert path.read_bytes() == first.read_bytes(), path.name


def test_the_moment_of_publishing_is_told_with_its_time_zone(
    pages: dict[Language, Page], example: Path, tmp_path: Path
) -> None:
    assert "2026-10-03 01:02 (UTC+00:00)" in pages["en"].root.one("header").text
    zone = ZoneInfo("Asia/Shanghai")
    local = read_page(generate_report(example, "2026Q3", language="zh", out=tmp_path, time_zone=zone))
    assert "2026-10-03 09:02 (UTC+08:00)" in local.root.one("header").text


def test_forms_are_listed_with_commas_each_once() -> None:
    assert listed_formats("pdf, XLSX,pdf") == ["pdf", "xlsx"]
    for wrong in ("", "pdf,", "docx"):
        with pytest.raises(UnknownFormError, match="one or more of: html, pdf, xlsx, pptx"):
            listed_formats(wrong)


def test_missing_data_are_said_in_a_sentence(tiny: TinyRelease, tmp_path: Path) -> None:
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    assert page.root.all("figure") == []
    expected = {
        "funnel": "No need was raised in 2026Q3.",
        "sla": "No figures in this grouping for 2026Q3.",
        "trends": "No figures for 2026Q3.",
        "weak-spots": "No need was overdue in 2026Q3, so there is no weak spot.",
        "ratings": "No customer ratings up to 2026Q3.",
        "backlog": "No backlog up to 2026Q3.",
        "departments": "No figures in this grouping for 2026Q3.",
        "branches": "No figures in this grouping for 2026Q3.",
        "channels": "No contacts to count in 2026Q3.",
        "data-quality": "The release holds no check results.",
    }
    for section, sentence in expected.items():
        notes = [note.text for note in page.root.one("section", id=section).all("p", class_="empty")]
        assert sentence in notes


def test_the_data_quality_statement_says_what_failed(tiny: TinyRelease, tmp_path: Path) -> None:
    at = "2026-10-03 09:00:00"
    words = ("标", "Orphans", "信", "Three rows have no customer.", "法", "Ask CRM.")
    tiny.checks += [
        ("crm.needs", "crm", "orphans", "warning", "crm_team", False, 3, 100, *words, at),
        ("crm.needs", "crm", "key", "blocking", "crm_team", True, 0, 100, *words, at),
    ]
    tiny.loads += [
        ("crm.needs", "crm", 2, 1, 103, 98, 2, 3, at, "2026-09-29"),
        ("crm.surveys", "crm", 1, 0, 20, 20, 0, 0, None, None),
    ]
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    section = page.root.one("section", id="data-quality")
    assert "Of 2 checks, 1 passed; 0 blocking and 1 warning checks failed." in section.text
    assert section.one("p", class_="message").attributes["class"] == "message neutral"  # warnings only
    assert [item.attributes["class"] for item in section.all("li")] == ["bad"]  # rejected rows
    # 103 + 20 rows, 98 + 20 loaded
    assert (
        "3 files with 123 rows were accepted: 118 rows loaded, 2 duplicates skipped, 3 rejected; 1 files were refused"
        in section.text
    )
    failed = section.one("table", id="failed-checks").one("tbody").one("tr")
    assert failed.one("th").text == "crm.needs"
    assert "Three rows have no customer. Ask CRM." in failed.text
    loads = section.one("table", id="source-loads").one("tbody").all("tr")
    assert [td.text for td in loads[0].all("td")] == ["2", "1", "103", "98", "2", "3", "2026-09-29", "2026-10-03 09:00"]


def test_restatements_of_closed_quarters_show_old_and_new_and_the_row_that_came_late(
    tmp_path: Path, tiny: TinyRelease
) -> None:
    tiny.ratio("closed_loop_rate", "2026Q3", 50, 100)
    tiny.closed += [
        ("2026Q3", "2026-10-05 01:00:00", "20261003T010203Z", 1500, 1, 1),
        ("2026Q2", "2026-07-05 01:00:00", "20260703T010203Z", 1400, 0, 0),
        ("2024Q1", "2024-04-05 01:00:00", "20240403T010203Z", 900, 9, 9),  # neither shown nor compared with
    ]
    why = ("迟到：crm.needs（1 行）", "Late: crm.needs (1)")
    tiny.restated.append(("2026Q3", "closed_loop_rate", "2026Q3", "all", "all", 0.48, 0.5, *why))
    late = ("late", "crm.needs", "N77", "crm/needs/2026-10.csv", 12, "2026-10-06 09:30:00", None)
    tiny.causes.append(("2026Q3", 1, "迟到", "Late", *late))
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    section = page.root.one("section", id="data-quality")
    said = {item.attributes["data-rows"]: item.text for item in section.all("li")}
    assert said["closed_quarter/2026Q3"].startswith(
        "2026Q3 was closed on 2026-10-05 (release 20261003T010203Z, 1,500 numbers); since then, 1 numbers of 1 metrics"
    )
    assert "no number has changed since" in said["closed_quarter/2026Q2"]
    assert "closed_quarter/2024Q1" not in said
    numbers = section.one("table", id="restatements").one("tbody").one("tr")
    assert [d.text for d in numbers.all("data")] == ["48.0%", "50.0%"]
    assert "Late: crm.needs (1)" in numbers.text
    cause = section.one("table", id="restatement-causes").one("tbody").one("tr")
    assert "N77" in cause.text
    assert "crm/needs/2026-10.csv:12" in cause.text


def test_a_quarter_that_is_not_closed_says_so(pages: dict[Language, Page]) -> None:
    assert "are not closed (needloop close --quarter)" in pages["en"].root.one("section", id="data-quality").text


def ask(
    published: Path, quarter: str, out: Path, language: str = "en", file_format: str = "html"
) -> Callable[[], Path]:
    """A call that is expected to fail."""
    return lambda: generate_report(published, quarter, language=language, out=out, file_format=file_format)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quarter", "says"),
    [
        ("2026", r"'2026' is not a quarter\. Write the year, Q and 1 to 4, for example 2026Q3\."),
        ("2026Q5", "is not a quarter"),
        ("２０２６Q3", "is not a quarter"),
        ("2026Q3\n../../x", "is not a quarter"),
        ("2024Q1", r"has no quarter 2024Q1\. Ask for one of: 2025Q3, 2026Q2, 2026Q3\."),
        ("2026Q1", r"has no quarter 2026Q1\."),
        ("2027Q1", r"2027Q1 lies in the future .* ends with 2026Q3 .*one of: 2025Q3, 2026Q2, 2026Q3\."),
    ],
)
def test_wrong_quarters_are_explained(example: Path, tmp_path: Path, quarter: str, says: str) -> None:
    with pytest.raises(ReportError, match=says):
        ask(example, quarter, tmp_path)()
    assert list(tmp_path.iterdir()) == []


def test_lower_case_is_understood(example: Path, tmp_path: Path) -> None:
    assert ask(example, " 2026q3", tmp_path)().name == "needs-closure-2026Q3.en.html"


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"no published release at .*needloop run"):
        ask(tmp_path / "current" / "needloop_marts.duckdb", "2026Q3", tmp_path)()
    with pytest.raises(ReportError, match="needloop run"):
        latest_whole_quarter(tmp_path / "none")


def test_a_file_that_is_no_release_is_explained(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"not a database" * 1000)
    with pytest.raises(ReportError, match="cannot be read"):
        ask(broken, "2026Q3", tmp_path / "out")()
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    with pytest.raises(ReportError, match="has no table dim_group_value, "):
        ask(other, "2026Q3", tmp_path / "out")()


def test_a_folder_that_cannot_be_written_is_explained(example: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match=r"cannot be written .* --out"):
        ask(example, "2026Q3", tmp_path / "file")()


def test_unknown_languages_and_formats_are_explained(example: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="one or more of: zh, en"):
        ask(example, "2026Q3", tmp_path, language="fr")()
    with pytest.raises(ReportError, match="one or more of: html, pdf, xlsx, pptx"):
        ask(example, "2026Q3", tmp_path, file_format="docx")()


def test_nothing_but_the_report_is_left_in_the_folder(example: Path, tmp_path: Path) -> None:
    target = ask(example, "2026Q3", tmp_path)()
    target.write_text("an older report")
    ask(example, "2026Q3", tmp_path)()
    assert [path.name for path in tmp_path.iterdir()] == ["needs-closure-2026Q3.en.html"]
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert target.stat().st_mode & 0o777 == 0o644


def test_the_link_is_followed_and_other_readers_do_not_matter(example: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(example.parent)
    with duckdb.connect(str(example), read_only=True, config={"memory_limit": "1GB"}):
        target = ask(tmp_path / "current" / "needloop_marts.duckdb", "2026Q3", tmp_path / "out")()
    assert target.exists()


def test_latest_whole_quarter(example: Path, tmp_path: Path) -> None:
    assert latest_whole_quarter(example) == "2026Q3"
    tiny = TinyRelease()
    tiny.quarters["2026Q3"] = ("2026-07-01", "2026-09-30", "2026-09-29")
    assert latest_whole_quarter(tiny.write(tmp_path / "running")) == "2026Q2"
    tiny = TinyRelease(quarters={})
    assert latest_whole_quarter(tiny.write(tmp_path / "empty")) is None
