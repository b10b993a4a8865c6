"""The client against a server that really answers, also the ways in which servers misbehave."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from audit import guard
from audit.client import Client
from audit.errors import ConfigError, FetchError, PermanentFetchError, TransientFetchError
from audit.recorder import Recorder
from audit.settings import Settings
from tests.serving import Answer, Server, certificate, serving

SECRET = "t0ken-that-nobody-may-see"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def client(server: Server, **changes: Any) -> Client:
    """Return an impatient client that may read the server."""
    values = {"allow_hosts": (server.pair,), "http_timeout_s": 1.0, "max_body_mb": 1}
    settings = Settings.model_validate({**values, **changes})
    return Client(settings, backoff_s=0.01, longest_wait_s=2.0, pause_s=0.0)


def test_answer_comes_back_whatever_its_status(server: Server) -> None:
    server.answers("/gone", (410, {"X-Word": "Kept"}, b'{"a": 1}'))
    with client(server) as asking:
        answer = asking.get(server.url("/gone"), {"token": SECRET})
    assert (answer.status, answer.json(), answer.headers["x-word"]) == (410, {"a": 1}, "Kept")
    assert answer.url == server.url("/gone")
    assert answer.moved_to is None


def test_request_names_the_project_and_sends_what_was_asked(server: Server) -> None:
    server.answers("/list", (200, {}, b"[]"))
    with client(server) as asking:
        asking.get(server.url("/list"), {"ids": ["a", "b"], "n": 2}, {"If-None-Match": 'W/"1"'})
    path, headers = server.requests[0]
    assert path == "/list?ids=a&ids=b&n=2"
    assert "social-account-audit" in headers["user-agent"]
    assert headers["if-none-match"] == 'W/"1"'


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_trouble_is_tried_again(server: Server, status: int) -> None:
    server.answers("/busy", (status, {}, b""), (200, {}, b"ok"))
    with client(server) as asking:
        assert asking.get(server.url("/busy")).body == b"ok"


def test_trouble_that_lasts_is_answered_in_the_end(server: Server) -> None:
    server.answers("/down", (503, {}, b"sorry"))
    with client(server) as asking:
        answer = asking.get(server.url("/down"))
    assert (answer.status, answer.body) == (503, b"sorry")
    assert len(server.requests) == 3


def test_short_retry_after_is_sat_out(server: Server) -> None:
    server.answers("/busy", (429, {"Retry-After": "1"}, b""), (200, {}, b"ok"))
    started = time.monotonic()
    with client(server) as asking:
        assert asking.get(server.url("/busy")).status == 200
    assert time.monotonic() - started >= 1


def test_long_retry_after_is_left_to_the_caller(server: Server) -> None:
    server.answers("/busy", (429, {"Retry-After": "272"}, b"{}"), (200, {}, b"ok"))
    started = time.monotonic()
    with client(server) as asking:
        answer = asking.get(server.url("/busy"))
    assert (answer.status, answer.headers["retry-after"]) == (429, "272")
    assert time.monotonic() - started < 1


def test_wait_is_read_by_the_clock_of_the_server(server: Server) -> None:
    """A server that is hours ahead asks for a second, not for hours."""
    ahead = {"Date": "Sat, 10 Oct 2099 09:00:00 GMT"}
    until = {**ahead, "Retry-After": "Sat, 10 Oct 2099 09:00:01 GMT"}
    server.answers("/busy", (429, until, b""), (200, {}, b"ok"))
    with client(server) as asking:
        assert asking.get(server.url("/busy")).body == b"ok"


def test_reset_of_a_limit_is_not_met_with_more_calls(server: Server) -> None:
    headers = {"Date": "Sat, 10 Oct 2026 09:00:00 GMT", "x-rate-limit-reset": "1791623400"}
    server.answers("/busy", (429, headers, b"{}"), (200, {}, b"ok"))
    with client(server) as asking:
        assert asking.get(server.url("/busy")).status == 429
    assert len(server.requests) == 1


def test_answer_that_breaks_off_is_asked_for_once_more(server: Server) -> None:
    server.answers("/page", (200, {"Content-Length": "9"}, b"half"), (200, {}, b"all"))
    with client(server, http_timeout_s=0.3) as asking:
        assert asking.get(server.url("/page")).body == b"all"
        server.answers("/page", (200, {"Content-Length": "9"}, b"half"))
        server.requests.clear()
        with pytest.raises(TransientFetchError):
            asking.get(server.url("/page"))
    assert len(server.requests) == 2


def test_unreadable_retry_after_is_no_wait(server: Server) -> None:
    server.answers("/busy", (429, {"Retry-After": "soon"}, b""), (200, {}, b"ok"))
    with client(server) as asking:
        assert asking.get(server.url("/busy")).status == 200


def test_server_that_does_not_answer_in_time(server: Server) -> None:
    def sleep(_: BaseHTTPRequestHandler) -> Answer:
        time.sleep(1.0)
        return 200, {}, b"late"

    server.routes["/slow"] = sleep
    with client(server, http_timeout_s=0.2) as asking:
        with pytest.raises(TransientFetchError, match="no answer in time") as caught:
            asking.get(server.url("/slow"), {"token": SECRET})
        _holds_no_secret(caught.value)


def test_head_that_drips_does_not_hold_the_job(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        for char in "HTTP/1.1 200 OK\r\nX-Long: " + "a" * 500:
            handler.wfile.write(char.encode())
            time.sleep(0.05)

    server.routes["/drip"] = drip
    started = time.monotonic()
    with client(server, http_timeout_s=0.3) as asking, pytest.raises(TransientFetchError):
        asking.get(server.url("/drip"))
    assert time.monotonic() - started < 5


def test_body_that_drips_does_not_hold_the_job(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(b"a")
            time.sleep(0.05)

    server.routes["/drip"] = drip
    started = time.monotonic()
    with (
        client(server, http_timeout_s=0.2) as asking,
        pytest.raises(TransientFetchError, match="too long"),
    ):
        asking.get(server.url("/drip"))
    assert time.monotonic() - started < 3


def test_connection_that_breaks_in_the_body(server: Server) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    server.routes["/half"] = hang_up
    with client(server) as asking, pytest.raises(TransientFetchError, match="connection failed"):
        asking.get(server.url("/half"))


def test_connection_that_breaks_at_once_is_tried_again(server: Server) -> None:
    def hang_up(_: BaseHTTPRequestHandler) -> None:
        return None

    server.routes["/reset"] = hang_up
    with client(server) as asking, pytest.raises(TransientFetchError):
        asking.get(server.url("/reset"))
    assert len(server.requests) == 3


def test_large_body_is_refused(server: Server) -> None:
    server.answers("/large", (200, {}, b"a" * (1024 * 1024 + 1)))
    server.answers("/fits", (200, {}, b"a" * 1024 * 1024))
    with client(server) as asking:
        assert len(asking.get(server.url("/fits")).body) == 1024 * 1024
        with pytest.raises(PermanentFetchError, match="more than 1 MB"):
            asking.get(server.url("/large"))


@pytest.mark.parametrize("layers", [1, 2])
def test_size_is_counted_after_decompression(server: Server, layers: int) -> None:
    body = _squeezed(300)
    for _ in range(layers - 1):
        body = zlib.compress(body, wbits=31)
    server.answers("/bomb", (200, {"Content-Encoding": ", ".join(["gzip"] * layers)}, body))
    with client(server) as asking:
        tracemalloc.start()
        with pytest.raises(PermanentFetchError, match="more than 1 MB"):
            asking.get(server.url("/bomb"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 30 * 1024 * 1024


def test_redirect_on_the_same_host_is_followed_and_told(server: Server) -> None:
    server.answers("/old", (301, {"Location": "/older?x=1"}, b""))
    server.answers("/older", (308, {"Location": "/new?token=" + SECRET}, b""))
    server.answers("/now", (302, {"Location": "/new"}, b""))
    server.answers("/new", (200, {}, b"here"))
    with client(server) as asking:
        moved = asking.get(server.url("/old"))
        passing = asking.get(server.url("/now"))
    assert (moved.body, moved.moved_to) == (b"here", server.url("/new"))
    assert (passing.body, passing.moved_to) == (b"here", None)


def test_redirects_have_an_end(server: Server) -> None:
    server.answers("/round", (302, {"Location": "/round"}, b""))
    with client(server) as asking, pytest.raises(PermanentFetchError, match="3 redirects"):
        asking.get(server.url("/round"))
    assert len(server.requests) == 4


def test_not_modified_is_no_redirect(server: Server) -> None:
    server.answers("/feed", (304, {"Location": "/elsewhere"}, b""))
    with client(server) as asking:
        assert asking.get(server.url("/feed")).status == 304


@pytest.mark.parametrize("goal", ["http://localhost:9/", "http://169.254.169.254/latest/meta-data"])
def test_redirect_into_the_private_network_is_refused(server: Server, goal: str) -> None:
    server.answers("/go", (302, {"Location": goal}, b""))
    with client(server) as asking, pytest.raises(PermanentFetchError, match="public internet"):
        asking.get(server.url("/go"))


def test_redirect_whose_body_drips_does_not_hold_the_job(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(160):
            handler.wfile.write(b"a")
            time.sleep(0.05)

    server.routes["/drip"] = drip
    started = time.monotonic()
    with client(server, http_timeout_s=0.2) as asking, pytest.raises(TransientFetchError):
        asking.get(server.url("/drip"))
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("goal", ["http://[", "//[bad", "http://a:b/", "https://" + "a" * 300])
def test_redirect_to_what_is_no_address_is_refused(server: Server, goal: str) -> None:
    server.answers("/moved", (302, {"Location": goal}, b""))
    with client(server) as asking, pytest.raises(FetchError) as caught:
        asking.get(server.url("/moved"), {"token": SECRET})
    _holds_no_secret(caught.value)


def test_redirect_to_an_exempted_pair_is_refused(server: Server) -> None:
    with serving() as other:
        other.answers("/inside", (200, {}, b"internal"))
        server.answers("/go", (302, {"Location": other.url("/inside")}, b""))
        with (
            client(server, allow_hosts=(server.pair, other.pair)) as asking,
            pytest.raises(PermanentFetchError, match="private address"),
        ):
            asking.get(server.url("/go"))
        assert other.requests == []


def test_redirect_to_another_scheme_is_refused(server: Server) -> None:
    server.answers("/go", (302, {"Location": "file:///etc/passwd"}, b""))
    with client(server) as asking, pytest.raises(PermanentFetchError, match="only http and https"):
        asking.get(server.url("/go"))


def test_credentials_stay_with_the_host_they_are_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda _: True)
    with serving() as other:
        other.answers("/there", (200, {}, b""))
        server.answers("/go", (302, {"Location": other.url("/there")}, b""))
        with client(server) as asking:
            asking.get(
                server.url("/go"),
                headers={"Authorization": SECRET, "If-None-Match": "1", "Accept": "x/y"},
            )
        headers = other.requests[0][1]
    assert headers["accept"] == "x/y"
    assert not {"authorization", "if-none-match"} & set(headers)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "[fd00:ec2::254]", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "100.64.0.1", "169.254.169.254", "168.63.129.16", "192.0.0.192", "224.0.0.1", "240.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_any_form(server: Server, host: str) -> None:
    with (
        Client(Settings(http_timeout_s=0.5), attempts=1) as asking,
        pytest.raises(PermanentFetchError, match="not on the public internet"),
    ):
        asking.get(f"http://{host}:{server.port}/", {"token": SECRET})
    assert server.requests == []


def test_exemption_is_for_one_port(server: Server) -> None:
    with serving() as other, client(server) as asking:
        with pytest.raises(PermanentFetchError, match="AUDIT_ALLOW_HOSTS"):
            asking.get(other.url("/"))
        assert other.requests == []


def test_exemption_without_port_is_refused() -> None:
    with pytest.raises(ConfigError, match="host:port"):
        Client(Settings(allow_hosts=("localhost",)))


def test_name_that_changes_its_address_between_check_and_use(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look-up says a public address, every later one the server of this test."""
    real, asked, opened = socket.getaddrinfo, [], []

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return real("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port, *args, **kwargs)

    def refuse(_: Any, _family: int, _kind: int, _protocol: int, address: Any) -> socket.socket:
        opened.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(guard._Guarded, "_open", refuse)
    with client(server) as asking, pytest.raises(PermanentFetchError, match="public internet"):
        asking.get(f"http://rebinding.example:{server.port}/")
    assert opened == ["8.8.8.8"]
    assert set(asked) == {"rebinding.example"}


def test_name_with_a_public_and_a_private_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = socket.getaddrinfo, []

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        return [*real("127.0.0.1", port, *args, **kwargs), *real("8.8.8.8", port, *args, **kwargs)]

    def refuse(_: Any, _family: int, _kind: int, _protocol: int, address: Any) -> socket.socket:
        opened.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(guard._Guarded, "_open", refuse)
    with client(server) as asking, pytest.raises(TransientFetchError):
        asking.get(f"http://both.example:{server.port}/")
    assert set(opened) == {"8.8.8.8"}


def test_name_that_nobody_knows(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with client(server) as asking, pytest.raises(TransientFetchError, match="resolved"):
        asking.get("http://nobody.example/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "example.org/x", "http://", "http://[::1",
        "http://name:word@example.org/", "http://example.org:99999/", "//example.org/",
    ],
)  # fmt: skip
def test_addresses_that_are_none(server: Server, url: str) -> None:
    with client(server) as asking, pytest.raises(PermanentFetchError):
        asking.get(url)


def test_nothing_listens(server: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        pair = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            client(server, allow_hosts=(pair,)) as asking,
            pytest.raises(TransientFetchError) as caught,
        ):
            asking.get(f"http://{pair}/x", {"access_token": SECRET})
    _holds_no_secret(caught.value)


@pytest.mark.parametrize("trusted", [True, False])
def test_certificates_are_checked(tmp_path: Path, trusted: bool) -> None:
    with serving(certificate(tmp_path)) as server:
        server.answers("/", (200, {}, b"safe"))
        with client(server) as asking:
            if trusted:
                asking._session.verify = str(tmp_path / "certificate.pem")
                assert asking.get(f"https://{server.pair}/").body == b"safe"
            else:
                with pytest.raises(PermanentFetchError, match="certificate is not valid"):
                    asking.get(f"https://{server.pair}/", {"token": SECRET})


def test_queries_stay_out_of_logs(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.answers("/busy", (503, {}, b""), (200, {}, b"ok"))
    server.routes["/reset"] = lambda _: None
    with caplog.at_level(logging.DEBUG), client(server) as asking:
        asking.get(server.url("/busy"), {"access_token": SECRET})
        with pytest.raises(TransientFetchError):
            asking.get(server.url("/reset"), {"access_token": SECRET})
    assert "/busy" in caplog.text
    assert SECRET not in caplog.text


def test_environment_does_not_redirect_calls(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login somebody password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers("/", (200, {}, b"direct"))
    with client(server) as asking:
        assert asking.get(server.url("/")).body == b"direct"
    assert "authorization" not in server.requests[0][1]


def test_calls_to_one_host_keep_a_pause(server: Server) -> None:
    server.answers("/", (200, {}, b""))
    settings = Settings(allow_hosts=(server.pair,))
    started = time.monotonic()
    with Client(settings, pause_s=0.2) as asking:
        for _ in range(3):
            asking.get(server.url("/"))
    assert time.monotonic() - started >= 0.4


def test_answers_can_be_recorded_and_played_back(server: Server, tmp_path: Path) -> None:
    server.answers("/list", (200, {"Set-Cookie": SECRET, "X-Kept": "yes"}, b'{"n": [1]}'))
    recorder = Recorder(tmp_path / "2026-10-05", {server.url(""): "https://api.example"})
    settings = Settings(allow_hosts=(server.pair,))
    with Client(settings, recorder=recorder) as asking:
        asking.get(server.url("/list"), {"b": "2", "a": "1"})
    with Client(Settings(recordings=tmp_path)) as asking:
        answer = asking.get("https://api.example/list", {"a": "1", "b": "2"})
    assert answer.json() == {"n": [1]}
    assert answer.headers["x-kept"] == "yes"
    assert "set-cookie" not in answer.headers


def test_query_in_the_body_is_sent_retried_and_played_back(server: Server, tmp_path: Path) -> None:
    server.answers("/list/", (503, {}, b""), (200, {}, b'{"n": 1}'), (200, {}, b'{"n": 2}'))
    settings = Settings(allow_hosts=(server.pair,))
    origins = {server.url(""): "https://api.example"}
    headers = {"Authorization": f"Bearer {SECRET}"}
    with Client(settings, recorder=Recorder(tmp_path, origins), backoff_s=0.01) as asking:
        for page in (1, 2):
            asking.post(server.url("/list/"), {"f": "a"}, headers, json_body={"page": page})
    assert server.bodies == [b'{"page": 1}', b'{"page": 1}', b'{"page": 2}']
    assert server.requests[0][0] == "/list/?f=a"
    assert server.requests[0][1]["content-type"] == "application/json"
    assert SECRET not in "".join(file.read_text() for file in tmp_path.rglob("*.json"))
    with Client(Settings(recordings=tmp_path)) as replaying:
        for page in (2, 1):
            answer = replaying.post(
                "https://api.example/list/", {"f": "a"}, headers, json_body={"page": page}
            )
            assert answer.json() == {"n": page}
        with pytest.raises(PermanentFetchError, match="not among the recordings"):
            replaying.post("https://api.example/list/", {"f": "a"}, json_body={"page": 3})


def test_posted_query_is_sent_nowhere_else(server: Server) -> None:
    server.answers("/list", (307, {"Location": server.url("/other")}, b""))
    with client(server) as asking:
        assert asking.post(server.url("/list"), json_body={}).status == 307
    assert len(server.requests) == 1


def _squeezed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def _holds_no_secret(error: BaseException | None) -> None:
    """Look at an error and whatever a traceback would print before it."""
    while error is not None:
        assert SECRET not in str(error)
        error = None if error.__suppress_context__ else error.__context__


def test_a_call_about_tokens_is_made_once_and_leaves_no_trace(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers("/token", (503, {"Retry-After": "0"}, b"busy"), (200, {}, SECRET.encode()))
    server.answers("/moved", (307, {"Location": "/token"}, b""))
    settings = Settings(allow_hosts=(server.pair,))
    with Client(settings, recorder=Recorder(tmp_path / "kept"), pause_s=0.0) as asking:
        form = {"refresh_token": SECRET, "state": "a b&c"}
        assert asking.exchange("POST", server.url("/token"), form).status == 503
        assert asking.exchange("POST", server.url("/moved"), form).status == 307
        found = asking.exchange("GET", server.url("/token"), {"access_token": SECRET})
    assert found.body == SECRET.encode()
    assert found.url == server.url("/token")
    assert [path.partition("?")[0] for path, _ in server.requests] == ["/token", "/moved", "/token"]
    assert server.bodies == [f"refresh_token={SECRET}&state=a+b%26c".encode()] * 2
    assert not (tmp_path / "kept").exists()
    assert SECRET not in caplog.text


def test_a_call_about_tokens_whose_answer_breaks_is_not_made_again(server: Server) -> None:
    server.routes["/token"] = lambda _: None
    with client(server) as asking:
        for method in ("POST", "GET"):
            with pytest.raises(TransientFetchError) as caught:
                asking.exchange(method, server.url("/token"), {"refresh_token": SECRET})
            _holds_no_secret(caught.value)
    assert len(server.requests) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_about_tokens_is_tried_again_while_nobody_is_reached(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    caplog.set_level(logging.DEBUG)
    tries: list[Any] = []

    def refuse(_: Any, *rest: Any) -> socket.socket:
        tries.append(rest)
        raise ConnectionRefusedError

    monkeypatch.setattr(guard._Guarded, "_open", refuse)
    with client(server) as asking, pytest.raises(TransientFetchError):
        asking.exchange(method, server.url("/token"), {"refresh_token": SECRET})
    assert len(tries) == 3
    assert "Retrying" in caplog.text
    assert SECRET not in caplog.text


def test_a_call_about_tokens_that_arrived_is_not_made_again_whatever_breaks(tmp_path: Path) -> None:
    """What follows the request on an encrypted connection makes no sense."""

    def garble(handler: BaseHTTPRequestHandler) -> None:
        with socket.socket(fileno=os.dup(handler.connection.fileno())) as bare:
            bare.sendall(b"HTTP/1.1 500 in the clear\r\n\r\n")

    with serving(certificate(tmp_path)) as server:
        server.routes["/token"] = garble
        with client(server) as asking:
            asking._once.verify = str(tmp_path / "certificate.pem")
            with pytest.raises(FetchError) as caught:
                asking.exchange("POST", f"https://{server.pair}/token", {"refresh_token": SECRET})
            _holds_no_secret(caught.value)
    assert len(server.requests) == 1


def test_chunks_that_drip_do_not_hold_the_job(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;")
        for _ in range(160):
            handler.wfile.write(b"a")
            time.sleep(0.05)

    server.routes["/drip"] = drip
    started = time.monotonic()
    with client(server, http_timeout_s=0.2) as asking, pytest.raises(TransientFetchError):
        asking.get(server.url("/drip"))
    assert time.monotonic() - started < 3


def test_addresses_that_do_not_answer_are_tried_within_a_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name has sixteen addresses, and none of them answers."""

    def silent(one: Any, *_: Any) -> socket.socket:
        time.sleep(one.timeout)
        raise TimeoutError

    known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))] * 16
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: known)
    monkeypatch.setattr(guard._Guarded, "_open", silent)
    started = time.monotonic()
    with client(server, http_timeout_s=0.1) as asking, pytest.raises(TransientFetchError):
        asking.exchange("POST", server.url("/token"), {})
    assert time.monotonic() - started < 2


def test_a_client_asks_nothing_more_when_its_time_is_up(server: Server) -> None:
    def slow(_: BaseHTTPRequestHandler) -> Answer:
        time.sleep(0.4)
        return 200, {}, b"ok"

    server.routes["/slow"] = slow
    settings = Settings.model_validate({"allow_hosts": server.pair})
    with Client(settings, pause_s=0.0, lasts_s=0.3) as asking:
        assert asking.get(server.url("/slow")).body == b"ok"
        with pytest.raises(TransientFetchError, match="the next try goes on from here"):
            asking.get(server.url("/slow"), {"token": SECRET})
    assert len(server.requests) == 1


def test_a_token_in_an_answer_is_not_recorded(server: Server, tmp_path: Path) -> None:
    """The Graph API writes the token of the call into the address of the next page."""
    onward = server.url(f"/list?access_token={SECRET}&limit=25&after=abc")
    body = json.dumps({"data": [], "paging": {"next": onward}}).replace("/", "\\/").encode()
    server.answers("/list", (200, {"Link": f'<{onward}>; rel="next"'}, body))
    settings = Settings.model_validate({"allow_hosts": server.pair})
    with Client(settings, recorder=Recorder(tmp_path), pause_s=0.0) as asking:
        asking.get(server.url("/list"), {"access_token": SECRET})
    (kept,) = tmp_path.rglob("*.json")
    assert SECRET not in kept.read_text()
    assert "after=abc" in kept.read_text()
