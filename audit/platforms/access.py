"""What a platform wants to be shown before it answers, and how that is got and renewed.

A platform declares its ways in as values of ``Access``: which scopes reading needs, how long
tokens last, and the calls about tokens with their fields. Whoever makes these calls
(``audit.jobs.renewal``, ``audit.jobs.authorising``) knows no platform by name.

Terms are those of OAuth 2.0 (RFC 6749) and PKCE (RFC 7636).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from audit.client import Client
from audit.model.item import GapKind
from audit.model.record import GapRecord
from audit.response import Response


class Slot(StrEnum):
    """What is filled into a call."""

    CLIENT_ID = "client_id"
    CLIENT_SECRET = "client_secret"  # noqa: S105  (the name of a field)
    APP_TOKEN = "app_token"  # noqa: S105
    """``id|secret``, which the Graph API takes for a token of the app.

    Source: https://developers.facebook.com/docs/facebook-login/guides/access-tokens"""
    TOKEN = "token"  # noqa: S105
    REFRESH_TOKEN = "refresh_token"  # noqa: S105
    CODE = "code"
    REDIRECT = "redirect_uri"
    VERIFIER = "code_verifier"
    HANDLE = "handle"


SECRET = (Slot.CLIENT_SECRET,)
APP = (Slot.CLIENT_ID, Slot.CLIENT_SECRET)

Values = Mapping[Slot, str]
"""What is known; holds secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call about tokens."""

    url: str
    """``{handle}`` stands for the registered name of the account."""
    fields: Mapping[str, str | Slot]
    """As they are called in the request. A client's secret that there is none of is left out."""
    method: str = "POST"
    """``POST``: the fields are a form; ``GET``: they are the query."""
    basic: bool = False
    """Whether a client with a secret shows itself by HTTP Basic (RFC 6749, 2.3.1)."""
    bearer: bool = False
    """Whether the token goes into the header ``Authorization``."""

    @property
    def slots(self) -> frozenset[Slot]:
        """What the call cannot be made without."""
        named = {one for one in self.fields.values() if isinstance(one, Slot)}
        named |= {Slot.HANDLE} if "{handle}" in self.url else set()
        named |= {Slot.TOKEN} if self.bearer else set()
        return frozenset(named - {Slot.CLIENT_SECRET})

    def send(self, client: Client, values: Values) -> Response:
        """Make the call, once.

        Raises:
            FetchError: no answer.
        """
        fields: dict[str, str] = {}
        for name, value in self.fields.items():
            text = values.get(value) if isinstance(value, Slot) else value
            if text is not None:
                fields[name] = text
        headers = {"Accept": "application/json"}
        if self.bearer:
            headers["Authorization"] = f"Bearer {values[Slot.TOKEN]}"
        if self.basic and Slot.CLIENT_SECRET in values:
            known = (values[Slot.CLIENT_ID], values[Slot.CLIENT_SECRET])
            pair = ":".join(quote(one, safe="") for one in known)
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            # One way of showing oneself in a call, not two.
            fields = {name: text for name, text in fields.items() if self.fields[name] not in APP}
        url = self.url.replace("{handle}", quote(values.get(Slot.HANDLE, ""), safe=""))
        return client.exchange(self.method, url, fields, headers)


def s256(verifier: str) -> str:
    """Return a verifier's challenge (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hexadecimal(verifier: str) -> str:
    """Return a verifier's challenge as TikTok wants it.

    Source: https://developers.tiktok.com/doc/login-kit-desktop
    """
    return hashlib.sha256(verifier.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """How a person lets the app in (RFC 6749, 4.1)."""

    url: str
    """The page to open."""
    exchange: Call
    """Turns the code into a token."""
    steps: tuple[Call, ...] = ()
    """Further exchanges, each of the token that the one before gave. One that needs an account's
    name is left out for a credential of the whole platform."""
    also: tuple[str, ...] = ()
    """Scopes to ask for besides those that reading needs."""
    separator: str = " "
    """Between scopes."""
    client: str = "client_id"
    """The name of that parameter."""
    params: Mapping[str, str] = field(default_factory=dict)
    challenge: Callable[[str], str] | None = None
    """Makes the challenge of PKCE; ``None`` where the platform has none."""


def refresh_grant(url: str, *, client: str = "client_id", basic: bool = False) -> Call:
    """Return the call of RFC 6749, 6; ``client`` names the parameter of the app's id."""
    return Call(
        url=url,
        fields={
            "grant_type": "refresh_token",
            "refresh_token": Slot.REFRESH_TOKEN,
            client: Slot.CLIENT_ID,
            "client_secret": Slot.CLIENT_SECRET,
        },
        basic=basic,
    )


def code_grant(
    url: str, *, client: str = "client_id", basic: bool = False, pkce: bool = False
) -> Call:
    """Return the call of RFC 6749, 4.1.3."""
    fields: dict[str, str | Slot] = {
        "grant_type": "authorization_code",
        "code": Slot.CODE,
        "redirect_uri": Slot.REDIRECT,
        client: Slot.CLIENT_ID,
        "client_secret": Slot.CLIENT_SECRET,
    }
    return Call(
        url=url, fields=fields | ({"code_verifier": Slot.VERIFIER} if pkce else {}), basic=basic
    )


def token_grant(
    url: str, kind: str, *, name: str = "access_token", app: tuple[Slot, ...] = ()
) -> Call:
    """Return the call by which Meta's interfaces make one token of another.

    Args:
        url: the address.
        kind: the ``grant_type``.
        name: what the token is called in it.
        app: by what the app shows itself.
    """
    fields = {"grant_type": kind, name: Slot.TOKEN} | {one.value: one for one in app}
    return Call(method="GET", url=url, fields=fields)


def fb_exchange(url: str) -> Call:
    """Return the call by which a person's token of a Facebook login is lengthened."""
    name = "fb_exchange_token"
    return token_grant(f"{url}/oauth/access_token", name, name=name, app=APP)


def debug_token(url: str, shown: Slot) -> Call:
    """Return the call by which Meta's interfaces tell about a token.

    Source: https://developers.facebook.com/docs/graph-api/reference/debug_token
    """
    fields = {"input_token": Slot.TOKEN, "access_token": shown}
    return Call(method="GET", url=f"{url}/debug_token", fields=fields)


def unauthorised(gap: GapRecord) -> bool:
    """Whether a gap says that the token is refused, by its status."""
    return gap.kind is GapKind.DENIED and gap.status == 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One way into a platform."""

    kind: str
    """What the token is, in words."""
    source: str
    """Where the platform describes it."""
    prefix: str = ""
    """How its tokens begin, where that tells ways apart."""
    scopes: tuple[str, ...] = ()
    """What reading needs."""
    wider: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By scope, others that hold it."""
    lifetime: dt.timedelta | None = None
    """Of an access token, where an answer does not tell; ``None``: it has no date."""
    refresh_lifetime: dt.timedelta | None = None
    """Of a refresh token, where an answer does not tell; ``None``: it has no date, or the
    platform publishes none."""
    renew: Call | None = None
    """``None``: it cannot be renewed without a person."""
    margin: dt.timedelta = dt.timedelta(minutes=10)
    """How long before its end a token is renewed."""
    youngest: dt.timedelta = dt.timedelta(0)
    """How old a token has to be before it is renewed."""
    inspect: Call | None = None
    """Asks what the platform knows of a token."""
    authorise: Authorisation | None = None
    """``None``: it is made on the platform's own pages, and typed in."""

    @property
    def by_refresh_token(self) -> bool:
        """Whether a token that has ended already can still be renewed."""
        return self.renew is not None and Slot.REFRESH_TOKEN in self.renew.slots

    def renewable(self, *, refresh_token: bool, ends: bool) -> bool:
        """Whether a credential can be renewed without a person.

        Args:
            refresh_token: whether it has one.
            ends: whether its token has a date; what has none needs no renewal.
        """
        if self.renew is None:
            return False
        return refresh_token if self.by_refresh_token else ends

    def missing(self, granted: Collection[str]) -> tuple[str, ...]:
        """Return the scopes that reading needs and that were not granted."""
        return tuple(
            scope
            for scope in self.scopes
            if scope not in granted and not set(self.wider.get(scope, ())) & set(granted)
        )


def fitting(ways: tuple[Access, ...], token: str) -> Access:
    """Return the way in that a token is for; the last one takes what fits no other."""
    return next((one for one in ways if one.prefix and token.startswith(one.prefix)), ways[-1])
