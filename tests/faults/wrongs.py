"""The ways in which a call goes wrong.

A platform's own errors are answered in its own shape, with a token in the message, which some
platforms do write there: none of it may come through.
"""

from __future__ import annotations

from typing import Any

from tests.faults.scene import TOKEN
from tests.faults.stage import Exchange, Fault
from tests.serving import Answer

DATE = "Sat, 10 Oct 2026 09:00:00 GMT"
NOON = "Sat, 10 Oct 2026 12:00:00 GMT"
EPOCH = 1791622800
"""The same as ``DATE``, in epoch seconds."""
SAID = f"wrong: {TOKEN}"
HTML = f"<!DOCTYPE html><html><body>Log in, {TOKEN}</body></html>".encode()
GRAPH = {401: 190, 403: 10, 404: 803, 429: 4, 500: 1, 503: 2}
TIKTOK = {401: "access_token_invalid", 403: "scope_not_authorized", 404: "resource_not_found",
          429: "rate_limit_exceeded", 500: "internal_error", 503: "timeout"}  # fmt: skip
YOUTUBE = {401: "authError", 403: "forbidden", 429: "rateLimitExceeded"}
BIG = 50 * 1024 * 1024


def body_of(platform: str, status: int) -> object:
    """Return what a platform says with an error."""
    if platform in ("facebook", "instagram", "threads"):
        code = {"code": GRAPH[status]} if status in GRAPH else {}
        return {"error": {"message": SAID, **code}}
    if platform == "tiktok":
        return {"error": {"code": TIKTOK.get(status, "unheard_of"), "message": SAID}}
    if platform == "youtube":
        reason = {"reason": YOUTUBE.get(status, "unheardOf"), "message": SAID}
        return {"error": {"code": status, "message": SAID, "errors": [reason]}}
    bodies: dict[str, object] = {
        "bluesky": {"error": "UnheardOf", "message": SAID},
        "feed": HTML,
        "linkedin": {"status": status, "message": SAID},
        "mastodon": {"error": SAID},
        "wordpress": {"code": "rest_unheard_of", "message": SAID, "data": {"status": status}},
        "x": {"title": SAID, "type": "about:blank", "status": status, "detail": SAID},
    }
    return bodies[platform]


def status(number: int, **headers: str) -> Fault:
    """Return an error of a platform."""

    def wrong(met: Exchange) -> Answer:
        return met.answer(body_of(met.scene.platform.name, number), number, **headers)

    return wrong


def body(content: object, number: int = 200, **headers: str) -> Fault:
    """Return the same answer for every platform."""
    return lambda met: met.answer(content, number, **headers)


def silence(met: Exchange) -> None:
    """Never answer, until the caller has hung up."""
    met.handler.connection.settimeout(5)
    met.handler.rfile.read(1)


def stalled(met: Exchange) -> None:
    """Stop in the middle of the answer."""
    _head(met, len(met.good.body))
    met.handler.wfile.write(met.good.body[: len(met.good.body) // 2])
    met.handler.wfile.flush()
    silence(met)


def cut_off(met: Exchange) -> None:
    """Hang up in the middle of the answer."""
    _head(met, len(met.good.body))
    met.handler.wfile.write(met.good.body[: len(met.good.body) // 2])


def hung_up(met: Exchange) -> None:
    """Hang up without an answer."""


def truncated(met: Exchange) -> Answer:
    """Send half of the JSON as if it were all."""
    return met.answer(met.good.body[: len(met.good.body) // 2])


def endless(met: Exchange) -> None:
    """Send 50 MB, from a small piece that is repeated."""
    _head(met, BIG)
    piece = b" " * (1 << 16)
    try:
        for _ in range(BIG // len(piece)):
            met.handler.wfile.write(piece)
    except OSError:
        return  # the caller had enough


def login_page(met: Exchange) -> Answer:
    """Lead to a page of HTML, as a site does that wants a login."""
    return met.answer(b"", 302, location="/login")


def round_about(met: Exchange) -> Answer:
    """Lead back to the same address."""
    return met.answer(b"", 302, location=met.handler.path)


def repeated(*steps: int) -> Fault:
    """Name the same next pages over and over."""

    def wrong(met: Exchange) -> Answer:
        cursor = _cursor(met) + steps[met.number % len(steps)]
        return met.told(_page(met, str(cursor), True))

    return wrong


def empty_with_next(met: Exchange) -> Answer:
    """Bring nothing, and say that there is more; each time another page."""
    return met.told(_page(met, str(_cursor(met) + 100 * (met.number + 1)), False))


def _cursor(met: Exchange) -> int:
    return 1790000000000 if met.scene.platform.name == "tiktok" else 1000


def _page(met: Exchange, cursor: str, filled: bool) -> Any:
    assert met.scene.further is not None
    return met.scene.further(cursor, filled)


def skewed(date: str) -> Fault:
    """Answer well, from a server whose clock is wrong."""

    def wrong(met: Exchange) -> Answer:
        number, headers, content = met.told(met.good)
        return number, {**headers, "Date": date}, content

    return wrong


def _head(met: Exchange, length: int) -> None:
    met.handler.send_response(200)
    met.handler.send_header("Content-Length", str(length))
    met.handler.end_headers()


LIMITS: dict[str, tuple[dict[str, str], float | None]] = {
    "without a header": ({}, None),
    "in seconds": ({"retry_after": "272"}, 272.0),
    "until a date": ({"retry_after": NOON, "date": DATE}, 10800.0),
    "until a date gone by": ({"retry_after": DATE, "date": NOON}, 0.0),
    "reset in epoch seconds": ({"x_rate_limit_reset": str(EPOCH + 900), "date": DATE}, 900.0),
    "reset gone by": ({"x_rate_limit_reset": str(EPOCH - 900), "date": DATE}, 0.0),
    "reset in another century": ({"x_rate_limit_reset": "9999999999", "date": DATE}, None),
    "reset as ISO 8601": ({"x_ratelimit_reset": "2026-10-10T09:05:00.000Z", "date": DATE}, 300.0),
    "reset of an AT service": ({"ratelimit_reset": str(EPOCH + 300), "date": DATE}, 300.0),
    "in words": ({"retry_after": "soon"}, None),
    "for ever": ({"retry_after": "9" * 400}, None),
    "below zero": ({"retry_after": "-5"}, None),
}
"""Headers of a 429, and the seconds that they mean."""

PASSING: dict[str, Fault] = {
    "429": status(429, retry_after="0"),
    "500": status(500),
    "503": status(503, retry_after="0"),
    "hung up": hung_up,
    "cut off in the middle": cut_off,
}
"""What the client itself tries again."""
KINDS = {401: "denied", 403: "denied", 404: "not_found", 410: "not_found", 429: "rate_limited",
         500: "broken", 503: "broken"}  # fmt: skip
STATUSES = {str(number): status(number) for number in (401, 403, 404, 410, 500, 503)}
CONNECTIONS: dict[str, Fault] = {"cut off in the middle": cut_off, "hung up": hung_up}
WAITS: dict[str, Fault] = {"no answer in time": silence, "time-out in the middle": stalled}
UNREADABLE: dict[str, Fault] = {
    "truncated JSON": truncated,
    "HTML with 200": body(HTML, content_type="text/html"),
    "empty body": body(b""),
    "null": body(None),
    "list": body([]),
    "object": body({}),
    "other object": body({"unexpected": {"data": 1}, "items": None}),
    "number": body(7),
    "list of numbers": body([1, 2]),
    "other charset": body('[{"größe": "é"}]'.encode("latin-1")),
    "nested deeply": body(b"[" * 100_000),
    "led to a login page": login_page,
    "led round about": round_about,
}
CURSORS: dict[str, Fault] = {
    "repeated cursor": repeated(0),
    "two cursors in turn": repeated(0, 100),
    "three cursors in turn": repeated(0, 100, 200),
}
