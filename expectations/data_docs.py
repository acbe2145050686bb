"""Great Expectations' data docs: one page a table, of the latest run of a stage, readable without a network.

Great Expectations' pages load styles and scripts from several servers. A bank's network has no way there, and nobody
outside need know who reads them: the pages are rid of these links and get a style sheet of their own.
"""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_STYLE_SHEET = Path(__file__).parent / "data_docs.css"
_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=\"(?:https?:)?//[^>]*>\s*</script>"
    r"|<link\b[^>]*\bhref=\"(?:https?:)?//[^>]*>"
    r"|<img\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>"
    r"|<a\b[^>]*\bhref=[\"']?(?:https?:)?//[^>]*>.*?</a>"
    r"|<script\b(?![^>]*\bsrc=)[^>]*>.*?</script>"
    r"|<style\b.*?</style>",
    re.DOTALL,
)
_LINK_TO_SUITE = re.compile(r"<a\b[^>]*\bhref=\"[^\"]*expectations/[^\"]*\.html\"[^>]*>(.*?)</a>", re.DOTALL)
_PAGE_PREFIX = "warehouse-"
_NEW = ".new"


def docs_site(folder: Path) -> Any:
    """The site's configuration: pages of results only; those of suites would say the same again."""
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(_work(folder))},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "site_section_builders": {"expectations": "none", "profiling": "none"},
    }


def build_data_docs(context: EphemeralDataContext, folder: Path, counts: dict[str, tuple[int, int]]) -> None:
    """Writes the pages of all results in the context to `folder`, in place of those of the run before.

    `counts` says of each batch how many checks passed and how many failed. The index is made here, for that of Great
    Expectations is drawn by a script from elsewhere.
    """
    shutil.rmtree(_work(folder), ignore_errors=True)
    context.build_data_docs()
    shutil.rmtree(_work(folder) / "static", ignore_errors=True)
    style = f"<style>{_STYLE_SHEET.read_text('utf-8')}</style></head>"
    for page in _pages(folder):
        plain = _LINK_TO_SUITE.sub(r"\1", _REMOTE.sub("", page.read_text("utf-8")))
        page.write_text(plain.replace("</head>", style), "utf-8")
    (_work(folder) / "index.html").write_text(_index(folder, counts, style), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    _work(folder).replace(folder)


def _pages(folder: Path) -> list[Path]:
    return sorted((_work(folder) / "validations").rglob("*.html"))


def _index(folder: Path, counts: dict[str, tuple[int, int]], style: str) -> str:
    pages = {page.stem.removeprefix(_PAGE_PREFIX): page.relative_to(_work(folder)) for page in _pages(folder)}
    lines = "".join(
        f"<tr><td>{_linked(name, pages.get(name))}</td><td>{passed}</td><td>{failed or ''}</td></tr>"
        for name, (passed, failed) in sorted(counts.items())
    )
    title = "数据质量检查 · Data quality checks"
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{style}'
        f"<body><h1>{title}</h1>"
        f"<table><thead><tr><th>表 · Table</th><th>通过 · Passed</th><th>未通过 · Failed</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></body></html>\n"
    )


def _linked(name: str, page: Path | None) -> str:
    return html.escape(name) if page is None else f'<a href="{quote(page.as_posix())}">{html.escape(name)}</a>'


def _work(folder: Path) -> Path:
    return folder.with_name(folder.name + _NEW)
