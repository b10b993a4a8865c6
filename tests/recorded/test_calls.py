"""What the platforms are asked, held against the specifications that they publish."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from audit.platforms import mastodon
from audit.platforms.readers import x, youtube
from tests.audit.platforms import test_mastodon, test_x, test_youtube
from tests.audit.platforms.script import Script, answer, known
from tests.faults.nights import asked_on
from tests.shared import shared

pytestmark = pytest.mark.recorded

Parameters = Mapping[str, Mapping[str, Any]]
ALLOWED_BEYOND = {"id[]"}
"""Mastodon's name for what its specification, in the manner of OpenAPI, calls ``id``."""


def operations(spec: dict[str, Any]) -> Iterator[tuple[re.Pattern[str], Parameters]]:
    """Yield what may be read: a form of the path, and the parameters of the query."""
    known_ones = spec.get("components", {}).get("parameters", {})
    for path, methods in spec["paths"].items():
        if "get" not in methods:
            continue
        listed = [
            known_ones[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            for one in methods["get"].get("parameters", [])
        ]
        form = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        yield (
            re.compile(form),
            {one["name"]: one.get("schema", {}) for one in listed if one["in"] == "query"},
        )


def check(path: str, params: Mapping[str, Any], spec: dict[str, Any]) -> None:
    """Fail unless there is such a path with such parameters and values."""
    fitting = [held for form, held in operations(spec) if form.fullmatch(path)]
    assert fitting, f"no such path: {path}"
    for name, value in params.items():
        places = [
            held[name.removesuffix("[]")] for held in fitting if name.removesuffix("[]") in held
        ]
        assert places, f"{path}: no such parameter: {name}"
        assert any(_fits(value, schema) for schema in places), f"{path}: {name}={value}"


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    if schema.get("type") == "integer" and isinstance(value, str):
        return value.isdigit() and _fits(int(value), schema)
    if schema.get("type") == "array" and isinstance(value, str):
        parts = value.split(",")
        allowed = schema.get("items", {}).get("enum")
        return len(parts) <= schema.get("maxItems", 10**6) and (
            allowed is None or set(parts) <= set(allowed)
        )
    if isinstance(value, int):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, str):
        return len(value) <= schema.get("maxLength", 10**6)
    return True


def spec_of(name: str) -> Any:
    return json.loads(shared("servers", "specs", name).read_text(encoding="utf-8"))


def test_calls_of_x() -> None:
    busy = {"public_metrics": {"reply_count": 2}}
    listed = answer({"data": [test_x.entry("1", **busy)], "meta": {"next_token": "n"}})
    service = test_x.script(list=[listed, answer({"data": [test_x.entry("2")]})])
    test_x.night(service, known=[known("5"), known("6", comment=True)])
    spec = spec_of("x-openapi-2.167.json")
    for url, params, _ in service.asked:
        check(url.removeprefix(x.ROOT), params, spec)
    assert len({url for url, *_ in service.asked}) == 4


def test_calls_of_mastodon() -> None:
    posts = answer([test_mastodon.status("1", replies_count=1)])
    service = Script(
        {
            **test_mastodon.script(list=[posts, answer([])]).answers,
            "v1/statuses": [answer({"error": "Not Found"}, 404)],
        }
    )
    test_mastodon.night(service, known=[known("7")])
    spec = spec_of("mastodon-openapi.json")
    for url, params, _ in service.asked:
        check(url.removeprefix("https://m.test"), params, spec)
    assert len({url for url, *_ in service.asked}) == 5
    assert mastodon.PAGE <= 40


def test_calls_of_youtube() -> None:
    threads = test_youtube.items(test_youtube.thread("c", answers=2), nextPageToken="n")
    service = test_youtube.script(commentThreads=[threads, test_youtube.items()])
    test_youtube.night(service, known=[known(test_youtube.name(7)), known("Ug")])
    methods = spec_of("youtube-discovery.v3.json")["resources"]
    called = set()
    for url, params, _ in service.asked:
        name = url.removeprefix(youtube.ROOT)
        allowed = methods[name]["methods"]["list"]["parameters"]
        called.add(name)
        assert params.keys() <= allowed.keys()
        assert all(params.get(one) for one, held in allowed.items() if held.get("required"))
        for key, value in params.items():
            assert int(allowed[key].get("maximum", 10**6)) >= (value if key == "maxResults" else 0)
            assert value in allowed[key].get("enum", [value])
    assert called == {"channels", "playlistItems", "videos", "commentThreads", "comments"}


def sent(name: str, **how: bool) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Yield path, parameters and headers of every call of a whole night, as they are sent."""
    for path, headers in asked_on(name, **how):
        parts = urlsplit(path)
        assert headers["user-agent"].startswith("social-account-audit")
        yield parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers


def test_every_call_of_a_night_on_x() -> None:
    spec, calls = spec_of("x-openapi-2.167.json"), Counter[str]()
    for path, params, headers in sent("x"):
        check(path, params, spec)
        assert headers["authorization"].startswith("Bearer ")
        calls[re.sub(r"\d{2,}|mine", "_", path)] += 1
    assert calls == {
        "/2/users/by/username/_": 1, "/2/users/_/tweets": 2, "/2/tweets/search/recent": 2,
        "/2/tweets": 2,
    }  # fmt: skip


@pytest.mark.parametrize("older", [False, True])
def test_every_call_of_a_night_on_mastodon(older: bool) -> None:
    spec, calls = spec_of("mastodon-openapi.json"), Counter[str]()
    for path, params, _ in sent("mastodon", lookup_fails=older):
        check(path, params, spec)
        calls[re.sub(r"\d{1,}", "_", path.removeprefix("/api/v1"))] += 1
    again = {"/statuses": 1, "/statuses/_": 2} if older else {"/statuses": 2}
    assert calls == {
        "/accounts/lookup": 1, "/accounts/_/statuses": 2, "/statuses/_/context": 2, **again,
    }  # fmt: skip


def test_every_call_of_a_night_on_youtube() -> None:
    held = spec_of("youtube-discovery.v3.json")
    calls = Counter[str]()
    for path, params, headers in sent("youtube"):
        name = path.removeprefix(urlsplit(youtube.ROOT).path)
        method = held["resources"][name]["methods"]["list"]
        assert path == f"/{method['path']}"
        assert "x-goog-api-key" in headers
        allowed = method["parameters"]
        assert params.keys() <= allowed.keys()
        assert all(one in params for one, form in allowed.items() if form.get("required"))
        for key, value in params.items():
            form = allowed[key]
            assert value in form.get("enum", [value])
            if form["type"] == "integer":
                assert int(form.get("minimum", 0)) <= int(value) <= int(form["maximum"])
        calls[name] += 1
    assert calls == {
        "channels": 1, "playlistItems": 2, "videos": 2, "commentThreads": 3, "comments": 2,
    }  # fmt: skip
