"""How numbers are written."""

from __future__ import annotations

import pytest

from dashboards.report.content.model import Number, NumberFormat
from dashboards.report.number_text import number_and_unit, number_text
from needloop.document_forms import Language

F = NumberFormat


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (Number(1234567.0, F.COUNT), "1,234,567", "1,234,567"),
        (Number(0.0, F.COUNT), "0", "0"),
        (Number(0.83645, F.RATE), "83.6%", "83.6%"),
        (Number(0.0005, F.RATE), "0.1%", "0.1%"),  # half away from zero
        (Number(1.0, F.RATE), "100.0%", "100.0%"),
        (Number(0.035, F.RATE, change=True), "+3.5 个百分点", "+3.5 pp"),
        (Number(-0.035, F.RATE, change=True), "−3.5 个百分点", "−3.5 pp"),
        (Number(0.0001, F.RATE, change=True), "±0.0 个百分点", "±0.0 pp"),
        (Number(1234.56, F.HOURS), "1,234.6 小时", "1,234.6 h"),
        (Number(3.8676, F.SCORE), "3.87", "3.87"),
        (Number(-12.34, F.POINTS), "−12.3", "−12.3"),
        (Number(263.0, F.QUANTITY), "263", "263"),
        (Number(263.25, F.QUANTITY), "263.3", "263.3"),
        (Number(1234567.5, F.MONEY), "1,234,568 元", "1,234,568 yuan"),
        (Number(-1234567.4, F.MONEY, change=True), "−1,234,567 元", "−1,234,567 yuan"),
        (Number(None, F.RATE), "–", "–"),
        (Number(None, F.RATE, pending=True), "○", "○"),
        (Number(None, F.RATE, hidden=True), "·", "·"),
    ],
)
def test_numbers_are_written_with_sign_and_unit(number: Number, zh: str, en: str) -> None:
    assert number_text(number, "zh") == zh
    assert number_text(number, "en") == en


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_unit_can_be_set_apart(language: Language) -> None:
    assert "".join(number_and_unit(Number(0.5, F.RATE), language)) == "50.0%"
    assert number_and_unit(Number(2.0, F.HOURS), "en") == ("2.0", " h")
