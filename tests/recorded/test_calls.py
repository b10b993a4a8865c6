"""What the platforms are asked, held against the specifications that they publish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from audit.platforms import mastodon
from audit.platforms.readers import x, youtube
from tests.audit.platforms import test_mastodon, test_x, test_youtube
from tests.audit.platforms.script import Script, answer, known
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
