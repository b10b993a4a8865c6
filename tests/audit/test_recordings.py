"""Recorded answers: their files, the nights they belong to, and how they are made."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from audit.client import Client
from audit.errors import ConfigError, PermanentFetchError
from audit.recorder import Recorder
from audit.recordings import canonical, night_folder, read_envelope
from audit.settings import Settings

URL = "https://api.example/list?b=2&a=1&a=0"


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def test_envelope(tmp_path: Path) -> None:
    value = {
        "request": {"method": "get", "url": URL},
        "status": 429,
        "headers": {"Retry-After": 3},
        "body": {"a": [1]},
    }
    found = read_envelope(write(tmp_path / "a.json", value))
    assert (found.method, found.url, found.status) == ("GET", URL, 429)
    assert found.headers == {"retry-after": "3"}
    assert json.loads(found.body) == {"a": [1]}


def test_envelope_of_another_recorder(tmp_path: Path) -> None:
    value = {
        "recorded_at": "2026-11-01",
        "request": f"GET {URL}",
        "status": "404",
        "headers": {"Link": ["<a>; rel=prev", "<b>; rel=next"]},
        "body": {"error": "x"},
    }
    found = read_envelope(write(tmp_path / "a.json", value))
    assert (found.url, found.status) == (URL, 404)
    assert found.headers == {"link": "<a>; rel=prev, <b>; rel=next"}
    assert json.loads(found.body) == {"error": "x"}


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"body_text": "plain"}, b"plain"),
        ({"body": "text", "status": 200}, b"text"),
        ({"body": None, "status": 304}, b""),
        ({"body": []}, b"[]"),
        # no envelopes: bodies that only look a little like one
        ({"status": "ok"}, b'{"status": "ok"}'),
        ({"body": "x", "id": 1}, b'{"body": "x", "id": 1}'),
        ({"body": 1, "body_text": "x"}, b'{"body": 1, "body_text": "x"}'),
        ([1], b"[1]"),
        (b"<rss/>", b"<rss/>"),
        (b"\xff\xfe", b"\xff\xfe"),
    ],
)
def test_envelope_or_bare_body(tmp_path: Path, value: Any, body: bytes) -> None:
    assert read_envelope(write(tmp_path / "a", value)).body == body


def test_body_in_a_file_beside(tmp_path: Path) -> None:
    write(tmp_path / "in" / "feed.xml", b"<rss/>")
    write(tmp_path / "secret", b"secret")
    found = read_envelope(write(tmp_path / "in" / "a.json", {"body_file": "feed.xml"}))
    assert found.body == b"<rss/>"
    with pytest.raises(ValueError, match="leads out of the folder"):
        read_envelope(write(tmp_path / "in" / "b.json", {"body_file": "../secret"}))
    with pytest.raises(OSError, match="No such file"):
        read_envelope(write(tmp_path / "in" / "c.json", {"body_file": "none.xml"}))


def test_addresses_are_the_same_in_any_order_of_their_query() -> None:
    assert canonical("HTTPS://API.example:443?b=2&a=1&c=#x") == "https://api.example/?a=1&b=2&c="
    assert canonical("http://a.example:8080/x") != canonical("http://a.example/x")
    assert canonical("http://a/?x=a%20b") == canonical("http://a/?x=a+b")


def recordings(root: Path) -> Path:
    for night in ("2026-10-04", "2026-10-11", "2026-10-18"):
        write(
            root / night / "api.example" / "list.json",
            {"request": {"url": URL}, "status": 200, "headers": {}, "body_text": night},
        )
    write(root / "notes" / "x.json", {"request": {"url": URL}, "body_text": "no night"})
    return root


@pytest.mark.parametrize(
    ("as_of", "night"),
    [
        (dt.date(2026, 10, 4), "2026-10-04"),
        (dt.date(2026, 10, 17), "2026-10-11"),
        (dt.datetime(2026, 10, 18, 9, tzinfo=dt.UTC), "2026-10-18"),
        (dt.date(2027, 1, 1), "2026-10-18"),
        (None, "2026-10-18"),
    ],
)
def test_newest_night_not_after_the_one_that_is_audited(
    tmp_path: Path, as_of: dt.date | None, night: str
) -> None:
    with Client(Settings(recordings=recordings(tmp_path)), as_of=as_of) as client:
        answer = client.get("https://api.example/list", {"a": ["0", "1"], "b": 2})
    assert (answer.status, answer.body.decode()) == (200, night)
    assert answer.url == "https://api.example/list"


def test_what_was_not_recorded_is_refused_without_its_query(tmp_path: Path) -> None:
    with Client(Settings(recordings=recordings(tmp_path))) as client:
        with pytest.raises(PermanentFetchError) as caught:
            client.get("https://api.example/list", {"token": "secret"})
        assert str(caught.value) == (
            "https://api.example/list: not among the recordings in 2026-10-18"
        )
        with pytest.raises(PermanentFetchError):
            client.get("https://other.example/list")


def test_recorded_errors_come_back_as_they_are(tmp_path: Path) -> None:
    write(
        tmp_path / "a.json", {"request": {"url": "https://a.example/"}, "status": 503, "body": {}}
    )
    with Client(Settings(recordings=tmp_path)) as client:
        assert client.get("https://a.example").status == 503


def test_recorded_redirect_from_https_to_http_is_refused(tmp_path: Path) -> None:
    envelope = {
        "request": {"url": "https://a.example/"},
        "status": 301,
        "headers": {"Location": "http://a.example/"},
        "body_text": "",
    }
    write(tmp_path / "a.json", envelope)
    with (
        Client(Settings(recordings=tmp_path)) as client,
        pytest.raises(PermanentFetchError, match="https to http"),
    ):
        client.get("https://a.example/")


def test_folder_that_is_not_there_or_begins_too_late(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a folder"):
        Client(Settings(recordings=tmp_path / "none"))
    with pytest.raises(ConfigError, match="begins with 2026-10-04"):
        night_folder(recordings(tmp_path), dt.date(2026, 10, 3))


def test_recorder_leaves_out_secrets_and_names_public_hosts(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, {"http://localhost:2584": "https://public.example"})
    headers = {
        "Set-Cookie": "s",
        "authorization": "s",
        "Content-Encoding": "gzip",
        "Link": '<http://localhost:2584/next>; rel="next"',
    }
    body = rb'{"url": "http:\/\/localhost:2584\/img", "text": "caf\u00e9"}'
    path = recorder.write("GET", "http://localhost:2584/x/list?b=1&a=2", 200, headers, body)
    assert path.parent == tmp_path / "public.example"
    found = read_envelope(path)
    assert found.url == "https://public.example/x/list?b=1&a=2"
    assert found.headers == {"link": '<https://public.example/next>; rel="next"'}
    assert json.loads(found.body) == {"url": "https://public.example/img", "text": "café"}
    again = recorder.write("GET", "http://localhost:2584/x/list?a=2&b=1", 200, {}, b"[]")
    assert again == path


@pytest.mark.parametrize("body", [b"<rss>\xc3\xa9</rss>", b"\xff\xfe\x00", b'"word"', b"12", b""])
def test_bodies_of_any_kind_are_recorded_as_they_are(tmp_path: Path, body: bytes) -> None:
    path = Recorder(tmp_path).write("GET", "https://a.example/", 200, {}, body)
    assert read_envelope(path).body == body
