"""The looks of the dashboards: colours, fonts, logo.

Nothing is fetched from elsewhere: pictures are data URIs, fonts the reader's own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

PRIMARY = "#1F4E79"
GOOD = "#2E7D5B"
BAD = "#B3413A"

PALE = "#C3CAD2"  # what rests on few cases
LIGHT = "#B9CCE2"  # what is written on

# Distinguishable for colour-blind readers, calm on white.
CATEGORICAL_COLOURS = [
    "#1F4E79",
    "#C8963E",
    "#4C8C8A",
    "#8A5A83",
    "#7A9CC6",
    "#A65E4E",
    "#6B7F3F",
    "#5D6770",
    "#B8A25A",
    "#3F6B96",
]

# Heatmaps: the better end is green. Where more is better it is the high end, where less is better the low one.
BETTER_WHEN_HIGH = ["#DFA19B", "#F3DCD9", "#F7F7F4", "#CFE5DA", "#7DB598"]
BETTER_WHEN_LOW = BETTER_WHEN_HIGH[::-1]
NEITHER_IS_BETTER = ["#F4F6F8", "#C9D8E8", "#7A9CC6", "#1F4E79"]

_FONTS = (
    "'Inter', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei',"
    " 'Helvetica Neue', Arial, sans-serif"
)


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg)


# A loop that closes on a point: the need that comes back answered.
_MARK = (
    '<path d="M26 16a10 10 0 1 1-4-8" fill="none" stroke="#1F4E79" stroke-width="3.4" stroke-linecap="round"/>'
    '<circle cx="22.6" cy="8.6" r="3.4" fill="#C8963E"/>'
)
FAVICON = _data_uri(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{_MARK}</svg>')
SPINNER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="48" height="48">'
    f"<g>{_MARK}"
    '<animateTransform attributeName="transform" type="rotate" from="0 16 16" to="360 16 16" dur="1.4s"'
    ' repeatCount="indefinite"/></g></svg>'
)
_LOGO = _data_uri(
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 208 32" width="208" height="32">{_MARK}'
    '<text x="40" y="22" font-size="17" font-weight="600" fill="#1F4E79"'
    " font-family=\"'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif\">"
    "需求闭环 Needloop</text></svg>"
)

THEME: dict[str, Any] = {
    "algorithm": "default",
    "token": {
        "brandAppName": "需求闭环 Needloop",
        "brandLogoAlt": "需求闭环 Needloop",
        "brandLogoUrl": _LOGO,
        "brandLogoHref": "/",
        "brandLogoHeight": "28px",
        "brandLogoMargin": "12px 0",
        "brandIconMaxWidth": 208,
        "brandSpinnerSvg": SPINNER,
        "colorPrimary": PRIMARY,
        "colorLink": PRIMARY,
        "colorError": BAD,
        "colorWarning": "#C8963E",
        "colorSuccess": GOOD,
        "colorInfo": "#3F6B96",
        "colorBgLayout": "#F4F6F8",
        "borderRadius": 4,
        "fontUrls": [],
        "fontFamily": _FONTS,
        "fontFamilyCode": "'IBM Plex Mono', 'Noto Sans Mono CJK SC', monospace",
        "fontWeightNormal": "400",
        "fontWeightLight": "400",
        "fontWeightStrong": "600",
        "fontWeightBold": "700",
    },
}
