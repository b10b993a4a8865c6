"""A mail in its final words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail, ready to be sent."""

    kind: str
    message_key: str
    """Names kind, recipient and night; one key is one mail, however often it is built."""
    label: str
    """For file names: small letters, digits and hyphens, without an address."""
    recipient: str
    """One address; empty where nobody is on file, which is never sent."""
    subject: str
    text: str
    html: str
    critical: bool = False
    language: str = "en-US"
