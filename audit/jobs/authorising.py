"""Lets the app into an account: a person opens a page, and brings back what it leads to.

The authorisation code grant of RFC 6749, 4.1, with PKCE (RFC 7636) where the platform has it.
Nobody listens on the redirect address: its parameters are read from what the person pastes.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode, urlsplit

from audit.client import Client
from audit.errors import ConfigError, PermanentFetchError, TransientFetchError
from audit.installation import Installation
from audit.jobs import renewal
from audit.jobs.credentials import authorising, check_account, keep, known
from audit.platforms.access import Authorisation, Call, Slot
from audit.platforms.answers.tokens import TOKEN, Grant, Refusal, granted
from audit.platforms.base import Platform
from audit.store.credentials import Standing

REDIRECT = "http://localhost:8765/callback"
"""Where the browser ends when nothing else is configured: nothing answers there, and the address
in its bar holds the code. It has to be registered for the app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person was asked for."""

    platform: Platform
    account_id: str
    address: str
    """The page to open."""
    redirect: str
    values: dict[Slot, str] = field(repr=False)
    state: str = field(repr=False)
    """Ties the answer to this request (RFC 6749, 10.12)."""


def begin(
    installation: Installation, platform: str, account_id: str, redirect: str | None = None
) -> Request:
    """Return the page to open.

    Raises:
        ConfigError: platform or account are of no use, or the app's id is not configured.
    """
    found = known(platform)
    handle = check_account(installation, platform, account_id)
    way = authorising(found.access)
    values = renewal.app_values(installation.settings, platform)
    if way.authorise is None:
        raise ConfigError(
            f"{platform} cannot be authorised from here; make the token as {way.source} says, "
            f"then: account-audit credentials set {platform}"
        )
    if Slot.CLIENT_ID not in values:
        raise ConfigError(renewal.without_app(platform))
    values[Slot.REDIRECT] = redirect or values.get(Slot.REDIRECT, REDIRECT)
    values[Slot.VERIFIER] = secrets.token_urlsafe(48)
    if handle is not None:
        values[Slot.HANDLE] = handle.removeprefix("@")
    state = secrets.token_urlsafe(24)
    asked = way.authorise
    query = {
        "response_type": "code",
        asked.client: values[Slot.CLIENT_ID],
        "redirect_uri": values[Slot.REDIRECT],
        "scope": asked.separator.join((*way.scopes, *asked.also)),
        "state": state,
        **asked.params,
    }
    if asked.challenge is not None:
        query["code_challenge"] = asked.challenge(values[Slot.VERIFIER])
        query["code_challenge_method"] = "S256"
    return Request(
        platform=found,
        account_id=account_id,
        address=f"{asked.url}?{urlencode(query)}",
        redirect=values[Slot.REDIRECT],
        values=values,
        state=state,
    )


def finish(installation: Installation, request: Request, answer: str) -> Standing:
    """Turn the code into a token and store it.

    Args:
        installation: the installation.
        request: what the person was asked for.
        answer: the address to which the browser was led, or the code alone.

    Raises:
        ConfigError: the answer holds no code, or is one to another request.
        PermanentFetchError: the platform refuses the code.
        TransientFetchError: the platform did not answer.
    """
    asked = authorising(request.platform.access).authorise
    if asked is None:
        raise ConfigError(f"{request.platform.name} cannot be authorised from here")
    values = {**request.values, Slot.CODE: code_of(answer, request.state)}
    with Client(installation.settings) as client:
        given = _granted(client, request, asked, values)
    return keep(installation, request.platform, request.account_id, given)


def code_of(answer: str, state: str) -> str:
    """Return the code that a person brings back.

    Raises:
        ConfigError: there is none in it; the message quotes nothing of it.
    """
    given = answer.strip()
    if not given:
        raise ConfigError("nothing was given; paste the address to which the browser was led")
    if "://" not in given and not given.startswith("/") and "code=" not in given:
        code = given.removesuffix("#_")  # Meta puts this behind
        if not TOKEN.fullmatch(code):
            raise ConfigError("what was given is neither an address nor a code")
        return code
    query = parse_qs(urlsplit(given).query or given.partition("?")[2] or given)
    if "error" in query:
        raise ConfigError("the platform did not let the app in; try again and accept its question")
    if query.get("state", [None])[0] != state:
        raise ConfigError("that address answers another request; open the page shown last")
    codes = query.get("code", [])
    if len(codes) != 1 or not TOKEN.fullmatch(codes[0].removesuffix("#_")):
        raise ConfigError("the address holds no code; paste all of it")
    return codes[0].removesuffix("#_")


def _granted(
    client: Client, request: Request, asked: Authorisation, values: dict[Slot, str]
) -> Grant:
    """Exchange the code, then the token for longer or narrower ones."""
    given = _exchanged(client, request, asked.exchange, values)
    for step in asked.steps:
        filled = {**values, Slot.TOKEN: given.token}
        if step.slots <= filled.keys():
            further = _exchanged(client, request, step, filled)
            given = replace(further, scopes=further.scopes or given.scopes)
    return given


def _exchanged(client: Client, request: Request, call: Call, values: dict[Slot, str]) -> Grant:
    found = granted(call.send(client, values), dt.datetime.now(dt.UTC))
    if isinstance(found, Refusal):
        kind = TransientFetchError if found.kind.transient else PermanentFetchError
        raise kind(
            f"{request.platform.name}: {found.reason}; nothing was stored. Look at the app's id, "
            "secret and redirect address, and begin anew: a code works once and for minutes"
        )
    return found
