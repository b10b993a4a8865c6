"""What the people who keep the audit running should know, before it stops something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about; the value is stored.

    What has come to pass is of another kind than what was foreseen, so that it is news again.
    """

    CREDENTIAL = "credential"
    """One that no longer lets anything be read."""
    ENDING = "ending"
    """A credential that still serves, and will not for long."""
    LIMIT = "limit"
    """One that has stopped reading."""
    FORECAST = "forecast"
    """A limit that will not last."""
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that somebody has to see to; it is told once, and again every week."""

    kind: NoticeKind
    subject: str
    """Which one: an account, a platform, a state of mails. Never an address or a token."""
    detail: str
    """What is the matter, and what to do."""
    since: str = ""
    """The first of the nights in a row that told it; filled in when it is stored."""
