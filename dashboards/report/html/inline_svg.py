"""An SVG document as an element that can stand inside an HTML page."""

from __future__ import annotations

import re

from markupsafe import Markup

_ROOT = re.compile(r"<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>")


def inline(svg: str) -> Markup:
    """The drawing without namespaces (HTML knows SVG) and sizes (the page sets them)."""
    bare = _ROOT.sub(r'<svg viewBox="\1" focusable="false" aria-hidden="true">', svg, count=1)
    return Markup(bare)  # noqa: S704 - the converter escapes every text it writes
