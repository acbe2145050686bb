"""Slows down the guessing of passwords at the API's login; Flask-AppBuilder does so for the login page only."""

from __future__ import annotations

from flask import Flask

_API_LOGIN = "SecurityApi.login"


def limit_api_login(app: Flask) -> None:
    """Put the login page's limit on the API's login too."""
    limiter = app.appbuilder.sm.limiter  # type: ignore[attr-defined]
    limited = limiter.limit(app.config["AUTH_RATE_LIMIT"], methods=["POST"])
    app.view_functions[_API_LOGIN] = limited(app.view_functions[_API_LOGIN])
