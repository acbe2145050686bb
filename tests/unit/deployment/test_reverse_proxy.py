"""The proxy of docs/deployment, read and run by nginx: no page of another site commands Dagster through it."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from needloop.settings import PROJECT_ROOT
from tests.programs import program

EXAMPLE = PROJECT_ROOT / "docs" / "deployment" / "nginx" / "needloop.conf"
OPERATOR = ("ops", "a password of the tests")
MUTATION = "/graphql?query=mutation{startSchedule{__typename}}"
FROM_OUTSIDE = {"Sec-Fetch-Site": "cross-site"}
FROM_THE_DASHBOARDS = {"Sec-Fetch-Site": "same-site"}
ITSELF = {"Sec-Fetch-Site": "same-origin"}
WEB_SOCKET = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}


@dataclass
class Proxy:
    """nginx with the example, and what it let through to the place where Dagster is."""

    port: int
    let_through: list[str] = field(default_factory=list)

    def ask(self, path: str, headers: dict[str, str], method: str = "GET", *, signed_in: bool = True) -> httpx.Response:
        """As a browser of the operators' network that keeps the password."""
        with httpx.Client(base_url=f"https://127.0.0.1:{self.port}", verify=_any_certificate(), timeout=10) as client:
            auth = OPERATOR if signed_in else None
            return client.request(method, path, headers={"Host": self.host, **headers}, auth=auth)

    @property
    def host(self) -> str:
        """The name that the browser has for it."""
        return f"dagster.example.cn:{self.port}"


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with certificates and passwords of the tests, in a main file."""
    folder = tmp_path_factory.mktemp("proxy")
    openssl = program("openssl", package="openssl")
    certificate = [
        openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
    ]  # fmt: skip
    subprocess.run(certificate, capture_output=True, check=True)
    hashed = subprocess.run([openssl, "passwd", "-apr1", OPERATOR[1]], capture_output=True, text=True, check=True)
    (folder / "operators.htpasswd").write_text(f"{OPERATOR[0]}:{hashed.stdout}", "utf-8")
    example = EXAMPLE.read_text("utf-8").replace("/etc/needloop/tls", str(folder))
    example = example.replace("/etc/needloop/operators", f"{folder}/operators")
    (folder / "needloop.conf").write_text(example, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}include {folder}/needloop.conf; }}\n",
        "utf-8",
    )
    return folder / "nginx.conf"


@pytest.fixture
def proxy(configuration: Path) -> Iterator[Proxy]:
    """On ports of the loopback, which is the operators' network here."""
    with socket.create_server(("127.0.0.1", 0)) as plain, socket.create_server(("127.0.0.1", 0)) as safe:
        plain_port, port = plain.getsockname()[1], safe.getsockname()[1]
    running = Proxy(port)
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _recording(running.let_through))
    Thread(target=behind.serve_forever, daemon=True).start()
    file = configuration.with_name("needloop.conf")
    example = file.read_text("utf-8")
    here = re.sub(r"listen \[::\]:\d+.*;", "", example).replace("10.0.0.0/24", "127.0.0.0/8")
    here = here.replace("listen 80;", f"listen 127.0.0.1:{plain_port};")
    here = here.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    file.write_text(here.replace("127.0.0.1:3000", f"127.0.0.1:{behind.server_port}"), "utf-8")
    nginx = subprocess.Popen([program("nginx", package="nginx-light"), "-e", "stderr", "-c", configuration])
    try:
        _wait_for(port)
        yield running
    finally:
        nginx.terminate()
        nginx.wait(10)
        behind.shutdown()
        behind.server_close()
        file.write_text(example, "utf-8")


def test_nginx_understands_the_proxy(configuration: Path) -> None:
    tested = subprocess.run(
        [program("nginx", package="nginx-light"), "-e", "stderr", "-t", "-c", configuration],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr


def test_no_page_of_another_site_commands_dagster(proxy: Proxy) -> None:
    """With the operator's password and address, as a browser brings them along: by picture, script, form and socket."""
    refused = {
        "picture": proxy.ask(MUTATION, FROM_OUTSIDE | {"Sec-Fetch-Mode": "no-cors"}),
        "script": proxy.ask(MUTATION, FROM_OUTSIDE | {"Sec-Fetch-Mode": "no-cors"}, "POST"),
        "page of a name beside it": proxy.ask(MUTATION, FROM_THE_DASHBOARDS | {"Sec-Fetch-Mode": "no-cors"}),
        "form": proxy.ask(MUTATION, FROM_OUTSIDE | {"Sec-Fetch-Mode": "navigate"}, "POST"),
        "link to a command": proxy.ask(MUTATION, FROM_OUTSIDE | {"Sec-Fetch-Mode": "navigate"}),
        "address written otherwise": proxy.ask("/x/..//%67raphql", FROM_OUTSIDE | {"Sec-Fetch-Mode": "navigate"}),
        "asset": proxy.ask("/report_asset_materialization/raw", FROM_OUTSIDE | {"Sec-Fetch-Mode": "no-cors"}, "POST"),
        "form of an older browser": proxy.ask(MUTATION, {"Origin": "https://evil.example"}, "POST"),
        "form of a frame": proxy.ask(MUTATION, {"Origin": "null"}, "POST"),
        "socket": proxy.ask("/graphql", WEB_SOCKET | {"Origin": "https://evil.example"}),
        "socket of a longer name": proxy.ask("/graphql", WEB_SOCKET | {"Origin": f"https://{proxy.host}.evil.example"}),
        "socket without TLS": proxy.ask("/graphql", WEB_SOCKET | {"Origin": f"http://{proxy.host}"}),
    }
    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(refused, 403)
    assert proxy.let_through == []


def test_the_interface_itself_and_programs_get_through(proxy: Proxy) -> None:
    answers = [
        proxy.ask("/graphql", ITSELF | {"Sec-Fetch-Mode": "cors", "Origin": f"https://{proxy.host}"}, "POST"),
        proxy.ask("/graphql", WEB_SOCKET | {"Origin": f"https://{proxy.host}"}),
        proxy.ask("/graphql", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}),
        proxy.ask("/graphql", {}, "POST"),
        proxy.ask("/runs/1", FROM_OUTSIDE | {"Sec-Fetch-Mode": "navigate"}),
        proxy.ask("/runs/1", FROM_THE_DASHBOARDS | {"Sec-Fetch-Mode": "navigate"}),
        proxy.ask("/server_info", {}, signed_in=False),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert len(proxy.let_through) == len(answers)


def test_nobody_gets_through_without_the_password(proxy: Proxy) -> None:
    assert proxy.ask("/graphql", ITSELF, "POST", signed_in=False).status_code == 401
    assert proxy.let_through == []


def _recording(seen: list[str]) -> type[BaseHTTPRequestHandler]:
    """In Dagster's place: answers everything and notes what arrived."""

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Not onto the tests' own output."""

    return Recorder


def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")
