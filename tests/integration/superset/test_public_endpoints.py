"""Without a login there is the login page and nothing else: every address of Superset is asked, well and badly."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.dashboard_server import FOLDER, PYTHON, DashboardServer, environment

_AT_ONCE = 6
_ADDRESSES = """
import json, sys
from superset.app import create_app
rules = create_app().url_map.iter_rules()
parts = lambda rule: {name: type(converter).__name__ for name, converter in rule._converters.items()}
json.dump([(rule.rule, sorted(rule.methods), parts(rule)) for rule in rules], sys.stderr)
"""
# What somebody who is not signed in may be answered with more than a refusal.
_OPEN = re.compile(
    r"/login/?|/logout/?|/lang/.*|/static/.*|/superset/language_pack/.*|/health|/healthcheck|/ping|/superset/log/?"
    r"|/api/v1/security/login"
)
_TELLS_TOO_MUCH = re.compile(
    r"Traceback|site-packages|File &#34;|sqlalchemy\.|OperationalError|\b6\.1\.0\b|werkzeug", re.I
)
_REFUSALS = {400, 401, 403, 404, 405, 422}
_VALUES = {"IntegerConverter": ["1", "99999999999999999999"], "UUIDConverter": ["00000000-0000-0000-0000-000000000000"]}
_TEXTS = ["x", "..%2f..%2f..%2fetc%2fpasswd", "%00", "%27%20or%201=1--", "%F0%9F%98%80" * 40]
_PARAMETERS = ["", "?q=(((", "?q=!(1)&format=csv", "?next=//evil.example/", "?form_data=%7B", "?_oid=x&page=-1"]
_BODIES: list[dict[str, Any]] = [
    {"json": {}},
    {"json": ["unexpected"]},
    {"content": b"{broken", "headers": {"Content-Type": "application/json"}},
    {"content": b"\xff\xfe\x00", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    {"content": b"<a/>", "headers": {"Content-Type": "multipart/form-data"}},
]


@pytest.fixture(scope="module")
def addresses(server: DashboardServer) -> list[tuple[str, list[str], dict[str, str]]]:
    """Every address of the application: rule, methods, converters of its parts."""
    done = subprocess.run(
        [str(PYTHON), "-c", _ADDRESSES],
        env=environment(server.data)
        | {"SUPERSET_CONFIG_PATH": str(FOLDER / "superset_config.py"), "SUPERSET_HOME": str(server.data / "superset")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[tuple[str, list[str], dict[str, str]]] = json.loads(done.stderr[done.stderr.rindex('[["/') :])
    assert len(found) > 300
    return found


@pytest.fixture
def stranger(server: DashboardServer) -> Iterator[httpx.Client]:
    """Somebody from an address of their own, so that other tests' logins are not counted with theirs."""
    transport = httpx.HTTPTransport(local_address="127.0.0.3")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        yield client


def _requests(rule: str, methods: list[str], converters: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A rule's requests: each value in its places, odd parameters and bodies in turn, a method that it has not."""
    choices = max([len(_VALUES.get(kind, _TEXTS)) for kind in converters.values()] or [1])
    for number in range(choices):
        path = rule
        for name, kind in converters.items():
            values = _VALUES.get(kind, _TEXTS)
            place = re.search(rf"<([^<>]*:)?{name}>", path)
            path = path.replace(place[0], values[number % len(values)]) if place else path
        turn = number + len(rule)
        for method in sorted({*methods, "DELETE"} - {"OPTIONS", "HEAD"}):
            body = _BODIES[turn % len(_BODIES)] if method in {"POST", "PUT", "PATCH"} else {}
            yield method, path + _PARAMETERS[turn % len(_PARAMETERS)], body


def test_nobody_finds_anything_but_the_login_page(
    addresses: list[tuple[str, list[str], dict[str, str]]], stranger: httpx.Client
) -> None:
    def troubles(rule: tuple[str, list[str], dict[str, str]]) -> list[str]:
        return [said for request in _requests(*rule) if (said := _trouble(stranger, *request))]

    with ThreadPoolExecutor(_AT_ONCE) as asking:
        found = [said for several in asking.map(troubles, addresses) for said in several]
    assert found == []


def _trouble(stranger: httpx.Client, method: str, path: str, body: dict[str, Any]) -> str | None:
    answer = stranger.request(method, path, **body)
    said = f"{method} {path} {answer.status_code} {answer.text[:200]!r}"
    if answer.status_code >= 500:
        return said
    if _TELLS_TOO_MUCH.search(answer.text) and not path.startswith("/static/"):
        return said
    if answer.status_code in _REFUSALS or _OPEN.fullmatch(path.split("?", maxsplit=1)[0]):
        return None
    if answer.is_redirect and re.fullmatch(r"(https?://[^/]+)?/login/?(\?.*)?", answer.headers["Location"]):
        return None
    return said


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2f..%2fetc/passwd",
        "/static/%2e%2e/%2e%2e/superset/config.py",
        "/static/....//....//etc/passwd",
        "/superset/language_pack/../../../../etc/passwd",
        "/superset/language_pack/..%2F..%2F..%2Fetc%2Fpasswd/",
        "/lang/../../etc/passwd",
        "//etc/passwd",
        "/metadata.db",
        "/secret_key",
        "/.env",
        "/.git/config",
    ],
)
def test_no_path_leads_to_a_file(server: DashboardServer, stranger: httpx.Client, path: str) -> None:
    address = httpx.URL(server.address).copy_with(raw_path=path.encode())  # as it stands: a client would tidy it up
    answer = stranger.get(address)
    assert answer.status_code in {302, 308, 400, 403, 404}, answer.status_code
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/login/", "/no-such-page", "/api/v1/me/", "/health"])
def test_every_answer_has_the_headers_that_protect_a_browser(stranger: httpx.Client, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"\d", headers.get("Server", "")), "no version"


def test_the_sessions_cookie_is_kept_from_scripts_and_other_sites(stranger: httpx.Client) -> None:
    cookie = stranger.get("/login/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_login_leads_nowhere_else(stranger: httpx.Client) -> None:
    answer = stranger.post("/login/?next=https://evil.example/", data={"username": "viewer", "password": "guess"})
    assert httpx.URL(answer.headers["Location"]).host in {"", "127.0.0.1"}
    # After a login of the right password the page asks whether the address is one of its own.
    asked = stranger.get("/login/?next=https://evil.example/")
    assert not asked.is_redirect
