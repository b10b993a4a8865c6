"""Labelled cases: one JSON object a line, the form in which texts are judged and checks measured.

Only ``text`` is required; whatever is not given is unknown. Besides the levels of the public
form (``post``, ``reply``, ``comment``) there are ``profile`` (an object ``profile``: ``name``,
``bio``, ``url``, ``links``, ``handle``), ``account`` (``history``: a list of ``posted_at`` and
``text``) and ``registry`` (``accounts``, and the staff in ``directory``), which need no text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic import AwareDatetime as Aware

from audit.checks.base import StaffMember, Turn
from audit.errors import ConfigError, plainly, suggest
from audit.model.account import Account
from audit.model.item import (
    Capture,
    Item,
    ItemKind,
    ItemText,
    Media,
    ProfileFacts,
    TextSource,
    Window,
)
from audit.model.verdict import Level

HISTORY = dt.timedelta(days=120)
"""How far back a case of the account level counts as read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line, in the terms of the engine."""

    case_id: str
    level: Level
    account: Account
    as_of: dt.datetime
    """``posted_at``, or the moment that the reader was given for lines without."""
    item: Item | None = None
    """Of the levels post, reply, comment and profile."""
    thread: tuple[Turn, ...] | None = None
    """``None``: the line does not say what was answered."""
    capture: Capture | None = None
    """Of the level account."""
    accounts: tuple[Account, ...] = ()
    """Of the level registry."""
    directory: Mapping[str, StaffMember] | None = None
    expect: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    labelled: bool = False
    """Whether the line says what is expected, be it nothing."""


class _Loose(BaseModel):
    """Keys that are not known are left to others who use the same file."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Media(_Loose):
    kind: str = "image"
    alt_text: str | None = None
    captions: bool | str | None = None


class _Turn(_Loose):
    by: Literal["public", "account"]
    text: str


class _Profile(_Loose):
    name: str | None = None
    bio: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()
    handle: str | None = None
    locked: bool | None = None


class _Entry(_Loose):
    posted_at: Aware
    text: str = ""


class _Staff(_Loose):
    email: str
    name: str = ""
    title: str | None = None
    active: bool = True
    employee: bool = True


def _known_account(values: dict[str, Any]) -> dict[str, Any]:
    known = [field.name for field in fields(Account)]
    for key in values:
        if key not in known:
            raise ValueError(f"unknown key {key!r}{suggest(key, known)}")
    return values


_AccountValues = Annotated[dict[str, Any], AfterValidator(_known_account)]
_ACCOUNT = TypeAdapter(Account)


class _Line(_Loose):
    id: str | None = None
    level: Level = Level.POST
    platform: str = "unknown"
    account: _AccountValues = Field(default_factory=dict)
    thread: tuple[_Turn, ...] | None = None
    text: str | None = None
    media: tuple[_Media, ...] = ()
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    posted_at: Aware | None = None
    authorization_ref: str | None = None
    profile: _Profile = _Profile()
    history: tuple[_Entry, ...] = ()
    accounts: tuple[_AccountValues, ...] = ()
    directory: tuple[_Staff, ...] | None = None
    expect: tuple[str, ...] | None = None
    forbid: tuple[str, ...] = ()


def read(line: str, number: int, unknown: dt.datetime) -> Case:
    """Read one line.

    Args:
        line: a JSON object.
        number: its place in the file, from 1; names the case when it has no ``id``.
        unknown: the moment for which a line without ``posted_at`` is judged. Its item then has
            no time of its own.

    Raises:
        ConfigError: ``line N: field: problem``; never quotes what stands in the field.
    """
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise ConfigError(f"line {number}: no JSON: {error.msg} at column {error.colno}") from None
    if not isinstance(values, dict):
        raise ConfigError(f"line {number}: no JSON object")
    try:
        parsed = _Line.model_validate(values)
        if parsed.text is None and parsed.level in (Level.POST, Level.REPLY, Level.COMMENT):
            raise ConfigError(f"line {number}: text: missing")
        return _case(parsed, number, unknown)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "account"
        raise ConfigError(f"line {number}: {where}: {plainly(first['msg'])}") from None


def _case(line: _Line, number: int, unknown: dt.datetime) -> Case:
    as_of = line.posted_at.astimezone(dt.UTC) if line.posted_at else unknown
    case_id = line.id or f"line-{number}"
    account = _account(line.account, line.platform, "case")
    staff = line.directory
    return Case(
        case_id=case_id,
        level=line.level,
        account=account,
        as_of=as_of,
        item=_item(line, case_id),
        thread=_thread(line),
        capture=_capture(line, account, as_of) if line.level is Level.ACCOUNT else None,
        accounts=tuple(
            _account(one, line.platform, f"account-{n}") for n, one in enumerate(line.accounts, 1)
        ),
        directory=None if staff is None else {one.email.lower(): _staff(one) for one in staff},
        expect=line.expect or (),
        forbid=line.forbid,
        labelled=line.expect is not None or bool(line.forbid),
    )


def _account(values: Mapping[str, Any], platform: str, account_id: str) -> Account:
    defaults = {"account_id": account_id, "platform": platform, "handle": account_id, "unit": ""}
    return _ACCOUNT.validate_python({**defaults, **values})


def _staff(one: _Staff) -> StaffMember:
    return StaffMember(**{**one.model_dump(), "email": one.email.lower()})


def _item(line: _Line, case_id: str) -> Item | None:
    if line.level in (Level.ACCOUNT, Level.REGISTRY):
        return None
    body = line.text if line.text is not None else line.profile.bio
    texts = [] if body is None else [ItemText(source=TextSource.BODY, text=body)]
    texts += [ItemText(source=TextSource.ALT, text=m.alt_text) for m in line.media if m.alt_text]
    texts += [
        ItemText(source=TextSource.CAPTION, text=m.captions)
        for m in line.media
        if isinstance(m.captions, str) and m.captions
    ]
    profile = None
    if line.level is Level.PROFILE:
        if line.profile.name is not None:
            texts.append(ItemText(source=TextSource.NAME, text=line.profile.name))
        profile = ProfileFacts(
            handle=line.profile.handle,
            url=line.profile.url,
            links=line.profile.links,
            locked=line.profile.locked,
        )
    return Item(
        item_id=case_id,
        kind=ItemKind(line.level.value),
        texts=tuple(texts),
        created_at=line.posted_at.astimezone(dt.UTC) if line.posted_at else None,
        media=tuple(_media(one) for one in line.media),
        links=line.links,
        hashtags=line.hashtags,
        authorization_ref=line.authorization_ref,
        profile=profile,
    )


def _media(one: _Media) -> Media:
    # A key that stands there with null: the platform offers the field and it is empty.
    offered = "alt_text" in one.model_fields_set
    return Media(
        kind=one.kind,
        alt_text=(one.alt_text or "") if offered else None,
        has_captions=None if one.captions is None else bool(one.captions),
    )


def _thread(line: _Line) -> tuple[Turn, ...] | None:
    if line.thread is None:
        return () if line.level in (Level.POST, Level.PROFILE) else None
    return tuple(Turn(by_account=one.by == "account", text=one.text) for one in line.thread)


def _capture(line: _Line, account: Account, as_of: dt.datetime) -> Capture:
    posts = [
        Item(
            item_id=f"history-{number}",
            kind=ItemKind.POST,
            texts=(ItemText(source=TextSource.BODY, text=entry.text),),
            created_at=entry.posted_at.astimezone(dt.UTC),
        )
        for number, entry in enumerate(line.history, 1)
    ]
    return Capture(
        account_id=account.account_id,
        as_of=as_of,
        window=Window(start=as_of - HISTORY, end=as_of),
        history=tuple(sorted(posts, key=lambda item: item.created_at or as_of)),
    )
