"""What the documentation site adds to the Markdown pages of docs/ (mkdocs.yml, `make docs`).

- CONTRIBUTING, CHANGELOG and SECURITY lie at the repository's root, where people look; the site shows them too.
- A page begins with a link to its other language, for readers on a Git server. The site has a switch instead.
- The lineage of all models is dbt's own documentation page, one file without a server.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from dagster_pipelines.transformation.project import manifest_file
from needloop.settings import PROJECT_ROOT, Settings

_FROM_THE_ROOT = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md", "security.md": "SECURITY.md"}
_OTHER_LANGUAGE = re.compile(r"^\[(中文|简体中文|English)\]\([^)]*\)( · )?", re.MULTILINE)
_LINK_IN_CHINESE = re.compile(r"\.zh-CN\.md(#[^)]*)?\)")
_CODE = re.compile(r"(```.*?```)", re.DOTALL)
_LINE_END_IN_CHINESE = re.compile(r"(?<=[\u3001-\u9fff\uff01-\uffe5])\n *(?=[\u3001-\u9fff\uff01-\uffe5])")
_NO_CATALOG = '{"metadata": {}, "nodes": {}, "sources": {}, "errors": null}'


def on_page_read_source(page: Page, config: MkDocsConfig) -> str | None:
    """The root's text for the pages that stand for it, its links seen from docs/."""
    name = _FROM_THE_ROOT.get(page.file.src_uri)
    if name is None:
        return None
    text = (PROJECT_ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
    for of_the_site, of_the_root in _FROM_THE_ROOT.items():
        text = text.replace(f"]({of_the_root})", f"]({of_the_site})")
    return text


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The page as its language's site needs it.

    Without the link to the other language; links to Chinese pages by the name that both languages share; no blanks
    where Chinese lines end; an English page that stands in for a Chinese one is found once.
    """
    language, site_of = (getattr(page.file, name) for name in ("locale", "locale_alternate_of"))  # of the i18n plugin
    if language != site_of:
        page.meta["search"] = {"exclude": True}
    markdown = _OTHER_LANGUAGE.sub("", markdown, count=1)
    markdown = _LINK_IN_CHINESE.sub(lambda link: f".md{link[1] or ''})", markdown)
    parts = _CODE.split(markdown)
    return "".join(part if part.startswith("```") else _LINE_END_IN_CHINESE.sub("", part) for part in parts)


def on_post_build(config: MkDocsConfig) -> None:
    """Writes lineage/index.html: dbt's documentation page with the manifest inside, as `dbt docs --static` does."""
    from dbt.task.docs import DOCS_INDEX_FILE_PATH  # noqa: PLC0415 - slow import

    target = Path(config.site_dir) / "lineage" / "index.html"
    if target.exists():  # the other language's build has written it
        return
    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    manifest = manifest_file(Settings()).read_text(encoding="utf-8")
    for name, data in (("MANIFEST", manifest), ("CATALOG", _NO_CATALOG)):
        placeholder = f'"{name}.JSON INLINE DATA"'
        if placeholder not in page:
            raise PluginError(
                f"dbt's documentation page has no {placeholder} any more: see how `dbt docs --static` does it."
            )
        page = page.replace(placeholder, data.replace("</", "<\\/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
