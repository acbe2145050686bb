"""What somebody who is not signed in may ask for: the login page and what it needs. All else is refused here at once.

Superset guards its pages one by one, and some it does not: it would tell strangers its version, show a page to register
with where nobody can, and answer some addresses with an error of the server.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

_OPEN = re.compile(
    r"/login/(\w[\w-]*)?|/login|/logout/?|/oauth-authorized/\w[\w-]*|/static/.*|/superset/language_pack/\w+/?"
    r"|/superset/log/|/health|/healthcheck|/ping|/api/v1/security/login"
)
# Superset answers these whoever asks, with whatever token.
_CLOSED = re.compile(r"/version|/register(/.*)?|/api/v1/user/.*|/api/v1/database/oauth2/?")
_LANGUAGE = re.compile(r"/lang/([^/]*)/?")


def close_to_strangers(app: Flask) -> None:
    """Refuse whoever is not signed in everything but the login page; the API's own token is examined by Superset."""

    @app.before_request
    def _stranger() -> AnyResponse | None:
        path = request.path
        if language := _LANGUAGE.fullmatch(path):
            return None if language[1] in app.config["LANGUAGES"] else _not_found()
        if current_user.is_authenticated or _OPEN.fullmatch(path):
            return None
        if _CLOSED.fullmatch(path):
            return _not_found()
        if "Authorization" in request.headers:
            return None
        if path.startswith("/api/") or request.method not in {"GET", "HEAD"}:
            return make_response(jsonify(msg="Sign in first"), 401)
        return redirect(f"{request.script_root}/login/?next={quote(request.url, safe='')}")


def _not_found() -> Response:
    return Response("There is nothing here.", status=404, mimetype="text/plain")
