"""A key figure's tile: its number, its changes, its marks (quarter in progress, small sample) and the way to its list.

The tile is text with markup, made by SQL from one published row, shown by Superset's table, which keeps only harmless
tags. Only numbers and the words below are put into it, never a bank's own texts.
"""

from __future__ import annotations

from .units import rounded_sql, text_sql

LINK_PLACE = "{link}"
_WORDS = {
    "zh": {
        "previous": "较上季",
        "year": "较上年",
        "in_progress": "进行中",
        "small": "样本少",
        "nothing": "无数据：分母为空",
        "no_row": "没有为所选组合发布的数字：请只选一个分组条件",
        "link": "查看清单",
    },
    "en": {
        "previous": "Quarter",
        "year": "Year",
        "in_progress": "in progress",
        "small": "small sample",
        "nothing": "no data: nothing in the denominator",
        "no_row": "no number is published for this combination: choose one group only",
        "link": "Show the list",
    },
}
CSS = """
.needloop-tile { line-height: 1.35; white-space: normal; }
.needloop-unit { font-size: 13px; font-weight: 400; margin-left: 4px; }
.needloop-value { font-size: 30px; font-weight: 600; color: #1F4E79; line-height: 1.2; }
.needloop-change, .needloop-none { font-size: 12px; color: #5D6770; white-space: nowrap; }
.needloop-none { white-space: normal; }
.needloop-1 { color: #2E7D5B; font-weight: 600; }
.needloop--1 { color: #B3413A; font-weight: 600; }
.needloop-marks { font-size: 12px; min-height: 20px; margin-top: 4px; white-space: nowrap; }
.needloop-mark { background: #F3E7CF; color: #7A5A18; border-radius: 3px; padding: 1px 5px; margin-right: 5px; }
.needloop-banner { font-size: 14px; white-space: normal; }
.needloop-banner b { font-size: 16px; color: #1F4E79; margin-right: 12px; }
.needloop-banner span { margin-right: 18px; }
.dashboard-component-chart-holder:has(.needloop-tile, .needloop-banner) th {
  visibility: hidden; height: 1px; padding: 0 !important; border: 0 !important; font-size: 0; line-height: 1px;
}
.dashboard-component-chart-holder:has(.needloop-tile, .needloop-banner) th * { display: none; }
.dashboard-component-chart-holder:has(.needloop-tile, .needloop-banner) td {
  padding: 0 2px !important; border: 0 !important;
}
.dashboard-component-chart-holder:has(.needloop-tile, .needloop-banner) :is(tr, td) {
  background: transparent !important;
}
.dashboard-component-chart-holder:has(.needloop-banner) [data-test="slice-header"] { display: none; }
.dashboard-component-chart-holder:has(.needloop-tile) .filter-counts { display: none; }
"""


def tile_sql(language: str) -> str:
    """SQL of the tile of a row of published numbers; the place of its link is still open."""
    words = _WORDS[language]
    unit = """'<span class="needloop-unit">' || suffix || '</span>'"""
    changes = ", ".join(
        f"""'<div class="needloop-change">{words[since]} <span class="needloop-', {change}_verdict, '">',"""
        f" {change}_said, '</span></div>'"
        for since, change in (("previous", "change"), ("year", "year_change"))
    )
    nothing = f"""'<div class="needloop-none">{words["nothing"]}</div>'"""
    parts = (
        """'<div class="needloop-tile"><div class="needloop-value">'""",
        text_sql(rounded_sql("value"), unit),
        "'</div>'",
        f"case when value is null then {nothing} else concat({changes}) end",
        """'<div class="needloop-marks">'""",
        _mark_sql("in_progress", words["in_progress"]),
        _mark_sql("small_estimate", f"{words['small']} n=", "n"),
        f"'{LINK_PLACE}</div></div>'",
    )
    return f"concat({', '.join(parts)})"


def shown_sql(tile: str, link: str, language: str) -> str:
    """SQL of a picked tile with its link; a sentence where the filters leave no published row."""
    nothing = f'<div class="needloop-tile"><div class="needloop-none">{_WORDS[language]["no_row"]}</div></div>'
    return f"coalesce(replace({tile}, '{LINK_PLACE}', {link}), '{nothing}')"


def link_sql(address: str, state: str, fragment: str, language: str) -> str:
    """SQL of the link to a list; `state` is SQL of the native filters that it opens with, in rison."""
    text = _WORDS[language]["link"]
    return f"concat('<a href=\"{address}?native_filters=(', {state}, ')#{fragment}\">{text} →</a>')"


def _mark_sql(condition: str, text: str, number: str = "''") -> str:
    return f"case when {condition} then concat('<span class=\"needloop-mark\">{text}', {number}, '</span>') end"
