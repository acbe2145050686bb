"""A real SMTP server and a real HTTP server on this machine, which keep what they are sent.

The HTTP server answers as the chat services do: it refuses, with HTTP 200, what is not of the service's form.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

DINGTALK_SECRET = "SECdingtalk0123456789"
FEISHU_SECRET = "feishusecret0123456789"


@dataclass
class Mailbox:
    """What the SMTP server took."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def text(self, index: int) -> str:
        body = self.mails[index].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


class MailServer:
    """An SMTP server on a free port."""

    def __enter__(self) -> MailServer:
        self.box = Mailbox()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self.box, hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


@dataclass
class Received:
    """One post."""

    path: str
    query: dict[str, str]
    content_type: str
    payload: dict[str, Any]


class ChatServer:
    """WeCom, DingTalk, Feishu, Slack and a plain webhook on one port."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.refuse_with: dict[str, Any] | None = None
        """An answer, with HTTP 200, instead of that of the service."""
        self.broken = False
        """Whether it answers 503."""

    def __enter__(self) -> ChatServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                place = urlsplit(self.path)
                post = Received(
                    place.path,
                    {name: values[0] for name, values in parse_qs(place.query).items()},
                    self.headers["Content-Type"],
                    json.loads(self.rfile.read(int(self.headers["Content-Length"]))),
                )
                status, answer = outer._answer(post)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answer(self, post: Received) -> tuple[int, bytes]:
        if self.broken:
            return 503, b""
        self.received.append(post)
        if self.refuse_with is not None:
            return 200, json.dumps(self.refuse_with).encode()
        check, accepted = FORMS[next(prefix for prefix in FORMS if post.path.startswith(prefix))]
        problem = check(post)
        if problem is not None:
            return 200, json.dumps({"errcode": 40035, "code": 40035, "errmsg": problem, "msg": problem}).encode()
        return 200, accepted


def _wecom(post: Received) -> str | None:
    if post.path != "/cgi-bin/webhook/send" or post.query.get("key") != "wecom-key-0001":
        return "invalid webhook url"
    if set(post.payload) != {"msgtype", "text"} or post.payload["msgtype"] != "text":
        return "invalid msgtype"
    return None if len(post.payload["text"]["content"].encode()) <= 2048 else "content exceeds 2048 bytes"


def _dingtalk(post: Received) -> str | None:
    if post.query.get("access_token") != "dingtoken0001":
        return "token is not exist"
    stamp = post.query.get("timestamp", "")
    expected = hmac.new(DINGTALK_SECRET.encode(), f"{stamp}\n{DINGTALK_SECRET}".encode(), hashlib.sha256).digest()
    if post.query.get("sign") != base64.b64encode(expected).decode():
        return "sign not match"
    if post.payload["msgtype"] != "text" or not post.payload["text"]["content"]:
        return "invalid payload"
    return None if post.payload["at"]["isAtAll"] is False else "must not call all"


def _feishu(post: Received) -> str | None:
    if post.path != "/open-apis/bot/v2/hook/feishu-token-0001":
        return "incoming webhook access token invalid"
    key = f"{post.payload.get('timestamp')}\n{FEISHU_SECRET}".encode()
    if post.payload.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode():
        return "sign match fail or timestamp is not within one hour from current time"
    if post.payload["msg_type"] != "text" or not isinstance(post.payload["content"]["text"], str):
        return "params error"
    return None


def _slack(post: Received) -> str | None:
    if post.path != "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7AA":
        return "no_service"
    texts = [block["text"] for block in post.payload.get("attachments", [])] or [post.payload.get("text")]
    return None if all(isinstance(text, str) and 0 < len(text) <= 40000 for text in texts) else "no_text"


def _webhook(post: Received) -> str | None:
    wanted = {"version", "title", "message", "attachments", "type"}
    return None if set(post.payload) == wanted and post.payload["type"] in {
        "info", "success", "warning", "failure",
    } else "form"  # fmt: skip


FORMS: dict[str, tuple[Callable[[Received], str | None], bytes]] = {
    "/cgi-bin/webhook": (_wecom, b'{"errcode":0,"errmsg":"ok"}'),
    "/robot/send": (_dingtalk, b'{"errcode":0,"errmsg":"ok"}'),
    "/open-apis/bot": (_feishu, b'{"code":0,"msg":"success","data":{}}'),
    "/services": (_slack, b"ok"),
    "/hook": (_webhook, b"{}"),
}
