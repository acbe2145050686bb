"""The words that readers of the report and the dashboards no longer meet."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHOWN = sorted(
    [*(ROOT / "dashboards/report/texts").glob("*.yml"), *(ROOT / "dashboards/superset/assets").rglob("*.yml")]
)
REFUSED = {
    "问责": "主责",
    "沉默理赔": "超 7 日未更新进度的理赔",
    "触达率": "步骤到达率",
    "学习增益": "提分",
    "赢回": "挽回",
    "赢得": "成交",
    "silent claims": "claims with no update for 7 days",
}


@pytest.mark.parametrize("refused", REFUSED)
def test_shown_texts_use_the_agreed_word(refused: str) -> None:
    assert len(SHOWN) > 2
    found = [
        f"{path.relative_to(ROOT)}:{number}: write {REFUSED[refused]!r}"
        for path in SHOWN
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if refused in line.lower()
    ]
    assert found == []
