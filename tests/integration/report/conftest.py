"""Makes reports of hand-made releases and reads them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.report.generate import generate_report, generate_reports
from needloop.document_forms import FILE_FORMATS, LANGUAGES, FileFormat, Language
from tests.integration.report.page import Page, read_page
from tests.integration.report.tiny_release import TinyRelease, worked_example


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file of the worked example."""
    return worked_example().write(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def pages(example: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Page]:
    """The worked example's report for 2026Q3 in both languages."""
    out = tmp_path_factory.mktemp("reports")
    languages: tuple[Language, ...] = ("zh", "en")
    return {one: read_page(generate_report(example, "2026Q3", language=one, out=out)) for one in languages}


@pytest.fixture(scope="session")
def files(example: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Language, FileFormat], Path]:
    """The worked example's report for 2026Q3 in both languages and all forms."""
    out = tmp_path_factory.mktemp("forms")
    paths = generate_reports(example, "2026Q3", out=out)
    kinds = [(language, form) for language in LANGUAGES for form in FILE_FORMATS]
    return dict(zip(kinds, paths, strict=True))


@pytest.fixture
def tiny() -> TinyRelease:
    """A release without any numbers yet."""
    return TinyRelease()
