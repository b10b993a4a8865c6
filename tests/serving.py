"""A web server in a thread, whose answers a test writes down beforehand."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Answer = tuple[int, dict[str, str], bytes]
Route = Callable[[BaseHTTPRequestHandler], Answer | None]
"""Returns what to answer, or writes it itself and returns ``None``."""


@dataclass
class Server:
    """A running server and what it was asked."""

    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    """By path; the part before ``?``."""
    otherwise: Route | None = None
    """Answers every other path; without it they are 404."""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path with query, and headers in lower case."""

    bodies: list[bytes] = field(default_factory=list)
    """What was posted."""

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


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for 127.0.0.1 that only whoever has ``certificate.pem`` trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server while the block runs."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are written apart; without it the second waits 40 ms for the first.
        disable_nagle_algorithm = True
        posted = b""
        """What came with the call."""

        def do_GET(self) -> None:
            state.requests.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()})
            )
            route = state.routes.get(self.path.partition("?")[0], state.otherwise)
            answer = route(self) if route else (404, {}, b"")
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            if "date" in map(str.lower, headers):
                self.send_response_only(status)  # the other form adds the time of this machine
            else:
                self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.posted = self.rfile.read(int(self.headers["Content-Length"]))
            state.bodies.append(self.posted)
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if secure:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
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
