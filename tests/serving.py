"""A web server in a thread, whose answers a test writes down beforehand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
Route = Callable[[BaseHTTPRequestHandler], Answer | None]
"""Returns what to answer, or writes it itself and returns ``None``."""


@dataclass
class Server:
    """A running server and what it was asked."""

    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    """By path; the part before ``?``."""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path with query, and headers in lower case."""

    @property
    def pair(self) -> str:
        """What settings call it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.pair}{path}"

    def answers(self, path: str, *answers: Answer) -> None:
        """Answer calls one after the other; the last one for good."""
        left = list(answers)

        def route(_: BaseHTTPRequestHandler) -> Answer:
            return left.pop(0) if len(left) > 1 else left[0]

        self.routes[path] = route


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server while the block runs."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.requests.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()})
            )
            route = state.routes.get(self.path.partition("?")[0])
            answer = route(self) if route else (404, {}, b"")
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up on purpose
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
