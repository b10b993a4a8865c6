"""Every platform's calls about tokens have the form that the platform describes."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from audit import catalogue
from audit.client import Client
from audit.platforms.access import APP, Access, Slot, fitting, hexadecimal, s256
from audit.settings import Settings
from tests.oauth import as_json, asked, route_to
from tests.serving import Server, serving

VALUES = {
    Slot.CLIENT_ID: "app",
    Slot.CLIENT_SECRET: "hush",
    Slot.APP_TOKEN: "app|hush",
    Slot.TOKEN: "old",
    Slot.REFRESH_TOKEN: "again",
    Slot.CODE: "code",
    Slot.REDIRECT: "https://audit.example/back",
    Slot.VERIFIER: "verifier",
    Slot.HANDLE: "the page",
}
GRANT = {"grant_type": "refresh_token", "refresh_token": "again"}
SHOWN = {"client_id": "app", "client_secret": "hush"}
BASIC = f"Basic {base64.b64encode(b'app:hush').decode()}"
WANTING = {name: one for name, one in catalogue.platforms().items() if one.access}

RENEWALS: list[tuple[str, str, str, str, dict[str, str], str | None]] = [
    ("x", "", "POST", "/api.x.com/2/oauth2/token", GRANT, BASIC),
    ("youtube", "ya29.", "POST", "/oauth2.googleapis.com/token", {**GRANT, **SHOWN}, None),
    ("linkedin", "", "POST", "/www.linkedin.com/oauth/v2/accessToken", {**GRANT, **SHOWN}, None),
    (
        "tiktok", "", "POST", "/open.tiktokapis.com/v2/oauth/token/",
        {**GRANT, "client_key": "app", "client_secret": "hush"}, None,
    ),
    (
        "threads", "", "GET", "/graph.threads.net/refresh_access_token",
        {"grant_type": "th_refresh_token", "access_token": "old"}, None,
    ),
    (
        "instagram", "IG", "GET", "/graph.instagram.com/refresh_access_token",
        {"grant_type": "ig_refresh_token", "access_token": "old"}, None,
    ),
    (
        "instagram", "EAA", "GET", "/graph.facebook.com/v25.0/oauth/access_token",
        {"grant_type": "fb_exchange_token", "fb_exchange_token": "old", **SHOWN}, None,
    ),
    (
        "facebook", "EAA", "GET", "/graph.facebook.com/v25.0/oauth/access_token",
        {"grant_type": "fb_exchange_token", "fb_exchange_token": "old", **SHOWN}, None,
    ),
]  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as running:
        route_to(running, monkeypatch)
        yield running


@pytest.fixture
def client(server: Server, settings: Settings) -> Iterator[Client]:
    chosen = settings.model_copy(update={"allow_hosts": (server.pair,)})
    with Client(chosen, pause_s=0) as asking:
        yield asking


def sent(server: Server, path: str) -> dict[str, str]:
    """Return the fields of the one call that a path got, from its form or query."""
    if not server.bodies:
        (query,) = asked(server, path)
        return query
    (url, headers), (body,) = server.requests[-1], server.bodies
    assert url == path
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


@pytest.mark.parametrize(
    ("name", "token", "method", "path", "fields", "header"), RENEWALS, ids=lambda one: str(one)[:40]
)
def test_a_renewal_has_the_platforms_form(
    name: str,
    token: str,
    method: str,
    path: str,
    fields: dict[str, str],
    header: str | None,
    server: Server,
    client: Client,
) -> None:
    way = fitting(WANTING[name].access, token)
    assert way.renew is not None
    assert way.renew.method == method
    server.answers(path, as_json({"access_token": "new"}))
    assert way.renew.send(client, VALUES).status == 200
    assert sent(server, path) == fields
    assert server.requests[0][1].get("authorization") == header


def test_every_platform_that_renews_is_in_the_table() -> None:
    told = {(name, fitting(WANTING[name].access, token).kind) for name, token, *_ in RENEWALS}
    assert told == {
        (name, way.kind) for name, one in WANTING.items() for way in one.access if way.renew
    }


def test_a_public_client_of_x_names_itself_in_the_form(server: Server, client: Client) -> None:
    path = "/api.x.com/2/oauth2/token"
    server.answers(path, as_json({"access_token": "new"}))
    way = fitting(WANTING["x"].access, "user")
    public = {slot: text for slot, text in VALUES.items() if slot is not Slot.CLIENT_SECRET}
    assert way.renew is not None
    way.renew.send(client, public)
    assert sent(server, path) == {**GRANT, "client_id": "app"}
    assert "authorization" not in server.requests[0][1]


@pytest.mark.parametrize(
    ("name", "token", "path", "fields"),
    [
        ("youtube", "ya29.", "/oauth2.googleapis.com/tokeninfo", {"access_token": "old"}),
        ("linkedin", "", "/www.linkedin.com/oauth/v2/introspectToken", {**SHOWN, "token": "old"}),
        (
            "facebook", "", "/graph.facebook.com/v25.0/debug_token",
            {"input_token": "old", "access_token": "app|hush"},
        ),
        (
            "instagram", "EAA", "/graph.facebook.com/v25.0/debug_token",
            {"input_token": "old", "access_token": "app|hush"},
        ),
        (
            "threads", "", "/graph.threads.net/v1.0/debug_token",
            {"input_token": "old", "access_token": "old"},
        ),
    ],
)  # fmt: skip
def test_a_platform_is_asked_about_a_token(
    name: str, token: str, path: str, fields: dict[str, str], server: Server, client: Client
) -> None:
    way = fitting(WANTING[name].access, token)
    assert way.inspect is not None
    server.answers(path, as_json({}))
    way.inspect.send(client, VALUES)
    assert sent(server, path) == fields


def test_the_token_of_a_page_is_made_of_a_persons(server: Server, client: Client) -> None:
    authorise = WANTING["facebook"].access[0].authorise
    assert authorise is not None
    page = authorise.steps[-1]
    server.answers("/graph.facebook.com/v25.0/the%20page", as_json({"access_token": "of-page"}))
    assert page.send(client, VALUES).status == 200
    assert server.requests[0][1]["authorization"] == "Bearer old"
    assert Slot.HANDLE in page.slots


@pytest.mark.parametrize("name", sorted(WANTING))
def test_a_declaration_is_whole(name: str) -> None:
    for way in WANTING[name].access:
        assert way.source.startswith("https://")
        if way.renew is None:
            continue
        assert way.scopes
        assert way.by_refresh_token or way.youngest == dt.timedelta(days=1)
        assert way.lifetime is None or way.lifetime > way.margin
        assert set(way.renew.slots) <= {*APP, Slot.TOKEN, Slot.REFRESH_TOKEN}
        if way.authorise:
            asks = way.authorise.exchange.fields
            assert {Slot.CODE, Slot.REDIRECT, Slot.CLIENT_ID} <= set(asks.values())
            assert (way.authorise.challenge is not None) == (Slot.VERIFIER in asks.values())


def test_every_platform_that_denies_without_a_credential_declares_one() -> None:
    assert set(WANTING) == {
        "facebook", "instagram", "linkedin", "threads", "tiktok", "x", "youtube",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (("a", "b"), ()),
        (("a",), ("b",)),
        (("a", "b.all"), ()),
        ((), ("a", "b")),
    ],
)
def test_scopes_are_compared(granted: tuple[str, ...], missing: tuple[str, ...]) -> None:
    way = Access(kind="k", source="s", scopes=("a", "b"), wider={"b": ("b.all",)})
    assert way.missing(granted) == missing


def test_challenges() -> None:
    # RFC 7636, appendix B; the same digest in hexadecimal digits is what TikTok wants.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert s256(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    raw: Any = base64.urlsafe_b64decode(s256(verifier) + "=")
    assert hexadecimal(verifier) == raw.hex()
