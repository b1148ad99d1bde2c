"""A server on this machine that breaks off, lies, forgets and is slow, as a test plans it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

BODY = bytes(range(256)) * 3000  # 768 kB, twelve blocks
OTHER = bytes(reversed(range(256))) * 3000


@dataclass
class Server:
    """What the server does, and what it was asked."""

    answers: list[Callable[[Handler], None]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    url: str = ""
    address: str = ""

    def do(self, *answers: Callable[[Handler], None]) -> None:
        """Answer so, one after another; the last one again and again."""
        self.answers = list(answers)


class Handler(BaseHTTPRequestHandler):
    """Answers by the plan of the test."""

    server: Any
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Note the question and answer."""
        plan: Server = self.server.plan
        plan.asked.append({k.lower(): v for k, v in self.headers.items()})
        plan.paths.append(self.path)
        answer = plan.answers.pop(0) if len(plan.answers) > 1 else plan.answers[0]
        try:
            answer(self)
        except OSError:  # the asker has gone
            self.close_connection = True

    def do_CONNECT(self) -> None:
        """A proxy that asks for a password."""
        self.reply(407, b"", {"Proxy-Authenticate": "Basic"})

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, cut: int | None = None) -> None:
        """Send; with `cut` only so many bytes, then break the line."""
        out = body if cut is None else body[:cut]
        # noted before anything goes out: the asker may look at once
        self.server.plan.sent.append(len(out))
        self.send_response(status)
        given = {"Content-Length": str(len(body)), **(headers or {})}
        for name, value in given.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(out)
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run the server while the block runs; no proxy is used for it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.handle_error = lambda *_: None  # type: ignore[method-assign]
    plan = Server()
    http.plan = plan  # type: ignore[attr-defined]
    plan.address = f"127.0.0.1:{http.server_address[1]}"
    plan.url = f"http://{plan.address}/daten/datei.bin"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield plan
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def whole(
    body: bytes = BODY, *, etag: str = '"a"', cut: int | None = None, **headers: str
) -> Callable[[Handler], None]:
    """The whole file, or its beginning."""
    return lambda h: h.reply(200, body, {"ETag": etag, **{k.replace("_", "-"): v for k, v in headers.items()}}, cut=cut)


def rest(body: bytes = BODY, *, etag: str = '"a"', total: int | None = None) -> Callable[[Handler], None]:
    """The bytes asked for."""

    def answer(h: Handler) -> None:
        start = int(h.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        length = len(body) if total is None else total
        h.reply(206, body[start:], {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{length}"})

    return answer


def status(code: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    """An answer without the file."""
    return lambda h: h.reply(code, body, {k.replace("_", "-"): v for k, v in headers.items()})


def moved(to: str) -> Callable[[Handler], None]:
    """A redirect."""
    return lambda h: h.reply(302, b"", {"Location": to})
