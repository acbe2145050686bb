"""The tables of metrics in docs/metrics.md and docs/metrics.zh-CN.md, generated from the semantic definitions.

python -m dagster_pipelines.transformation.metrics_guide          writes them into both guides

A guide says where a table goes: `<!-- metrics: SECTION … -->`, the sections of the definitions it lists, up to the next
`<!-- end of metrics -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from dagster_pipelines.transformation.project import DBT_PROJECT
from needloop.settings import PROJECT_ROOT

GUIDES = {"en": PROJECT_ROOT / "docs" / "metrics.md", "zh": PROJECT_ROOT / "docs" / "metrics.zh-CN.md"}
DEFINITIONS = DBT_PROJECT / "models" / "semantic_definitions"
_PLACE = re.compile(r"(<!-- metrics: ([a-z_ ]+) -->\n).*?(<!-- end of metrics -->)", re.DOTALL)
_HEADS = {
    "en": "| metric | 中文名 | name | unit | kind | better |\n|---|---|---|---|---|---|",
    "zh": "| 指标 | 名称 | 单位 | 类型 | 向好 |\n|---|---|---|---|---|",
}
_IN_CHINESE = {
    "count": "个",
    "rate": "比率",
    "hours": "小时",
    "score": "分",
    "points": "分",
    "yuan": "元",
    "per_10k_policies": "件/万张保单",
    "per_100m_premium": "件/亿元保费",
    "per_10k_customers": "件/万人次",
    "additive": "可加",
    "ratio": "比率",
    "mean": "均值",
    "overlapping": "分组重叠",
    "quantile": "分位数",
    "higher": "越高越好",
    "lower": "越低越好",
    "neutral": "不分好坏",
}


def published_metrics() -> list[dict[str, Any]]:
    """The definitions of published metrics, in order of display."""
    metrics = [
        metric
        for file in sorted(DEFINITIONS.glob("*.yml"))
        for metric in yaml.safe_load(file.read_text(encoding="utf-8")).get("metrics", ())
        if "section" in metric.get("config", {}).get("meta", {})  # metrics without one are parts of others
    ]
    return sorted(metrics, key=lambda metric: int(metric["config"]["meta"]["display_order"]))


def guide_with_tables(text: str, language: str) -> str:
    """The guide with its tables regenerated from the definitions."""
    metrics = published_metrics()

    def table(place: re.Match[str]) -> str:
        sections = place[2].split()
        listed = [metric for metric in metrics if metric["config"]["meta"]["section"] in sections]
        return f"{place[1]}\n{_table(listed, language)}\n\n{place[3]}"

    return _PLACE.sub(table, text)


def _table(metrics: Iterable[dict[str, Any]], language: str) -> str:
    return "\n".join([_HEADS[language], *(f"| {' | '.join(_cells(metric, language))} |" for metric in metrics)])


def _cells(metric: dict[str, Any], language: str) -> list[str]:
    meta = metric["config"]["meta"]
    name, kinds = f"`{metric['name']}`", [meta["unit"], meta["additivity"], meta["direction"]]
    if language == "zh":
        return [name, meta["label_zh"], *(_IN_CHINESE[kind] for kind in kinds)]
    return [name, meta["label_zh"], metric["label"], *kinds]


def write(guides: dict[str, Path] = GUIDES) -> None:
    """Writes the tables into both guides."""
    for language, guide in guides.items():
        guide.write_text(guide_with_tables(guide.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    write()
