"""The login page's limit on the API's login too; Flask-AppBuilder limits the page only."""

from __future__ import annotations

from flask import Flask

_API_LOGIN = "SecurityApi.login"


def limit_api_login(app: Flask) -> None:
    """Count the API's logins with the limiter that the security manager keeps for the login page."""
    limiter = app.appbuilder.sm.limiter  # type: ignore[attr-defined] # Flask-AppBuilder adds the attribute
    limited = limiter.limit(app.config["AUTH_RATE_LIMIT"], methods=["POST"])
    app.view_functions[_API_LOGIN] = limited(app.view_functions[_API_LOGIN])
