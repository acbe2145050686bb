"""Which reports a run makes: every one, unless the settings name some."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from dagster_pipelines.cli.main import main
from needloop.document_forms import FILE_FORMATS, LANGUAGES, UnknownFormError, listed_formats, listed_languages
from needloop.settings import Settings


def test_every_one_unless_some_are_named() -> None:
    settings = Settings()
    assert listed_languages(settings.report_languages) == list(LANGUAGES)
    assert listed_formats(settings.report_formats) == list(FILE_FORMATS)


def test_languages_are_read_as_people_write_them() -> None:
    assert listed_languages("EN, zh,en") == ["en", "zh"]


@pytest.mark.parametrize("listed", ["", "zh,", "fr", "zh en"])
def test_an_unknown_language_is_refused_with_those_that_are_known(listed: str) -> None:
    with pytest.raises(UnknownFormError, match="Use one or more of: zh, en"):
        listed_languages(listed)


@pytest.mark.parametrize("wrong", [{"report_languages": "fr"}, {"report_formats": "docx"}, {"report_formats": ""}])
def test_a_wrong_setting_is_noticed_before_anything_runs(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="Use one or more of"):
        Settings.model_validate(wrong)


def test_the_command_names_the_setting_and_the_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEEDLOOP_REPORT_FORMATS", "pdf,docx")
    said = CliRunner().invoke(main, ["run", "--data", str(tmp_path)])
    assert said.exit_code == 1
    assert "NEEDLOOP_REPORT_FORMATS" in said.output
    assert "html, pdf, xlsx, pptx" in said.output
