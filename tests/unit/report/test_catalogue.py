"""The report's texts: both languages say the same things, with the same placeholders, and all of them are used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import dashboards.report
from dashboards.report.catalogue import catalogue
from dashboards.report.content.declared import storyline


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    zh, en = catalogue("zh").texts, catalogue("en").texts
    assert zh.keys() == en.keys()
    assert {key: placeholders(text) for key, text in zh.items()} == {k: placeholders(t) for k, t in en.items()}


def test_chinese_texts_are_chinese_and_english_ones_are_not() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    assert not [key for key, text in catalogue("en").texts.items() if han.search(text)]
    plain = {key for key, text in catalogue("zh").texts.items() if text and not han.search(text)}
    assert plain == {
        "list.separator",
        "sentence.end",
        "sentence.small_item",
        "sentence.share_of",
        "message.standing",
        "retention.since",
        "column.p",
    }


def test_every_text_is_used() -> None:
    folder = Path(dashboards.report.__file__).parent
    declared = [*(folder / "content").rglob("*.yml")]
    code = [path for pattern in ("*.py", "*.j2") for path in folder.rglob(pattern)]
    source = "".join(path.read_text(encoding="utf-8") for path in [*code, *declared])
    source += " ".join(f"{one.id}.title {one.id}.lead {one.id}.caption" for one in storyline())
    parts = {key: key.rsplit(".", 1) for key in catalogue("en").texts}
    # a key is written out, or its first part stands before something put together at run time: f"group.{group_by}"
    unused = [
        key
        for key, (group, _) in parts.items()
        if key not in source and not re.search(rf'"{group}[._][^" ]*["{{]', source)
    ]
    assert unused == []


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue("zh").text("no.such.text")


def test_no_space_is_left_between_chinese_words() -> None:
    values = {"before": "80.0 小时", "now": "60.0 小时", "change": "−20.0 小时"}
    text = catalogue("zh").text("sentence.move", label="时长", certainty="", **values)
    assert text == "时长由 80.0 小时变为 60.0 小时（−20.0 小时）"
