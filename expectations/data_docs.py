"""Great Expectations' data docs: one page a table, of the latest run of a stage, readable without a network.

Great Expectations' pages load styles and scripts from several servers. A bank's network has no way there, and nobody
outside need know who reads them: the pages are rid of these links and get a style sheet of their own.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_STYLE_SHEET = Path(__file__).parent / "data_docs.css"
_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=\"(?:https?:)?//[^>]*>\s*</script>"
    r"|<link\b[^>]*\bhref=\"(?:https?:)?//[^>]*>"
    r"|<img\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>"
    r"|<a\b[^>]*\bhref=[\"']?(?:https?:)?//[^>]*>.*?</a>"
    r"|<script\b(?![^>]*\bsrc=)[^>]*>.*?</script>",
    re.DOTALL,
)
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


def build_data_docs(context: EphemeralDataContext, folder: Path) -> None:
    """Writes the pages of all results in the context to `folder`, in place of those of the run before."""
    shutil.rmtree(_work(folder), ignore_errors=True)
    context.build_data_docs()
    shutil.rmtree(_work(folder) / "static", ignore_errors=True)
    style = f"<style>{_STYLE_SHEET.read_text('utf-8')}</style></head>"
    for page in _work(folder).rglob("*.html"):
        page.write_text(_REMOTE.sub("", page.read_text("utf-8")).replace("</head>", style), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    _work(folder).replace(folder)


def _work(folder: Path) -> Path:
    return folder.with_name(folder.name + _NEW)
