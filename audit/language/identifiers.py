"""Identifiers in a text: numbers, addresses and labelled records, found by presidio-analyzer.

What the institution publishes itself (its telephone numbers, its domains) is not an identifier
of a person and is left out. Names of people are in ``people``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from audit.language import recognizers
from audit.language.facts import Fact, Institution, Lexicon, Text
from audit.language.normalise import PLAIN


class IdentifierKind(StrEnum):
    """What an identifier is, in the words of a report."""

    SSN = "Social Security number"
    CARD = "payment card number"
    BANK = "bank account number"
    LICENSE = "license or passport number"
    RECORD = "medical record number"
    PLAN = "health plan number"
    ACCOUNT = "account number"
    DEVICE = "device number"
    BIRTH = "date of birth"
    PLACE = "room or bed number"
    PHONE = "telephone number"
    EMAIL = "e-mail address"
    ADDRESS = "street address"
    IP = "network address"
    AGE = "age over 89"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier, by position only: the value stays in the text."""

    kind: IdentifierKind
    start: int
    end: int


_ENTITIES = {
    "US_SSN": IdentifierKind.SSN,
    "US_ITIN": IdentifierKind.SSN,
    "LABELLED_SSN": IdentifierKind.SSN,
    "CREDIT_CARD": IdentifierKind.CARD,
    "IBAN_CODE": IdentifierKind.BANK,
    "BANK_ACCOUNT": IdentifierKind.BANK,
    "DOCUMENT": IdentifierKind.LICENSE,
    "MEDICAL_RECORD": IdentifierKind.RECORD,
    "HEALTH_PLAN": IdentifierKind.PLAN,
    "ACCOUNT": IdentifierKind.ACCOUNT,
    "DEVICE": IdentifierKind.DEVICE,
    "BIRTH_DATE": IdentifierKind.BIRTH,
    "PLACE": IdentifierKind.PLACE,
    "PHONE_NUMBER": IdentifierKind.PHONE,
    "EMAIL_ADDRESS": IdentifierKind.EMAIL,
    "STREET_ADDRESS": IdentifierKind.ADDRESS,
    "IP_ADDRESS": IdentifierKind.IP,
    "AGE": IdentifierKind.AGE,
}
_ORDER = {entity: rank for rank, entity in enumerate(_ENTITIES)}
"""Where two recognizers claim the same characters, the earlier one is believed."""

_CANDIDATE = re.compile(r"\d|@")
"""No recognizer here finds anything in a text without a digit or an ``@``; most texts that have
one hold a single year or count, so runs of digits are looked at once more below."""
_WORTH = re.compile(
    r"@\w|\d{5}|\d[\d .()-]{5,}\d|(?:\d{1,3}\.){3}\d|\b(?:mrn|mr#|record|chart|rec|plan|member|"
    r"policy|subscriber|acct|account|ssn|social|dob|born|birth\w*|d\.o\.b|room|rm|bed|ward|unit|"
    r"icu|license|licence|lic|passport|serial|device|implant|udi|routing|aba|id|case|encounter|"
    r"visit|csn|fin)\b[^\n]{0,25}\d|\b(?:9\d|1[01]\d)[\s-]?(?:years?|yrs?|y/?o|yo)\b|\b(?:9\d|"
    r"1[01]\d)-year|\d+\s+\w+(?:\s\w+)?\s(?:st|street|ave|avenue|blvd|road|rd|drive|dr|lane|ln|"
    r"court|ct|way)\b",
    re.IGNORECASE,
)


def find(text: str, institution: Institution) -> tuple[Identifier, ...]:
    """Return the identifiers of a ``PLAIN`` text, in order, the institution's own left out."""
    if not _CANDIDATE.search(text) or not _WORTH.search(_ADDRESS.sub(" ", text)):
        return ()
    results = recognizers.analyzer().analyze(
        text=text, language="en", entities=list(_ENTITIES), score_threshold=recognizers.THRESHOLD
    )
    kept: list[Any] = []
    for result in sorted(results, key=lambda r: (_ORDER[r.entity_type], -(r.end - r.start))):
        overlaps = any(result.start < other.end and other.start < result.end for other in kept)
        if not overlaps and not _published(text, result, institution):
            kept.append(result)
    found = (Identifier(_ENTITIES[r.entity_type], r.start, r.end) for r in kept)
    return tuple(sorted(found, key=lambda one: one.start))


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_TOLL_FREE = re.compile(r"^1?8(?:00|33|44|55|66|77|88)\d{7}$")
_LINK = re.compile(r"(?:https?://|www\.)\S*$")


def _published(text: str, result: Any, institution: Institution) -> bool:
    """Whether it is the institution's own, or stands in the address of a page."""
    if _LINK.search(text, max(0, result.start - 200), result.start):
        return True
    value = text[result.start : result.end]
    if result.entity_type == "EMAIL_ADDRESS":
        domain = value.rpartition("@")[2].lower()
        return any(domain == own or domain.endswith("." + own) for own in institution.domains)
    if result.entity_type != "PHONE_NUMBER":
        return False
    digits = re.sub(r"\D", "", value)
    # Nobody's own number starts with 800: hotlines and service lines.
    return bool(_TOLL_FREE.match(digits)) or digits[-10:] in _contact_digits(institution)


def _contact_digits(institution: Institution) -> set[str]:
    return {
        digits[-10:] for contact in institution.contacts if (digits := re.sub(r"\D", "", contact))
    }


def _identifiers(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Identifier, ...]]:
    return [find(text[PLAIN], lexicon.institution) for text in texts]


IDENTIFIERS: Fact[tuple[Identifier, ...]] = Fact(
    name="identifiers", compute=_identifiers, after=(PLAIN,)
)
"""Identifiers other than names."""
