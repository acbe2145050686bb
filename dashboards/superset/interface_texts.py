"""Chinese texts of Superset's own pages that its translation lacks or gets wrong (its sign-in button says "Not In")."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, Response, request

from dashboards.superset.private_interfaces.translations import shipped_language_pack, texts_of

_OURS = Path(__file__).with_name("assets") / "interface_texts" / "zh.yml"
_ADDRESS = "/superset/language_pack/zh/"


def complete_language_pack(app: Flask) -> None:
    """Serve Superset's Chinese texts with ours in place of those that are wrong (FLASK_APP_MUTATOR)."""
    body = json.dumps(_completed(), ensure_ascii=False)

    @app.before_request
    def _language_pack() -> Response | None:
        if request.path.rstrip("/") + "/" != _ADDRESS:
            return None
        return Response(body, mimetype="application/json")


def _completed() -> dict[str, Any]:
    pack = shipped_language_pack("zh")
    ours = yaml.safe_load(_OURS.read_text(encoding="utf-8"))
    texts_of(pack).update({english: [chinese] for english, chinese in ours.items()})
    return pack
