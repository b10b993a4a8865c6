"""What all answers of LinkedIn share: names, times and addresses."""

from __future__ import annotations

import datetime as dt
import re

from audit.platforms.answers.loose import count

ORGANIZATION = re.compile(r"urn:li:organization(?:Brand)?:(\d+)")
PAGE = "https://www.linkedin.com/feed/update/"


def moment_ms(value: object) -> dt.datetime | None:
    """Return a time that is given in milliseconds since 1970."""
    number = count(value)
    if number is None or not 0 <= number < 10**14:
        return None
    return dt.datetime.fromtimestamp(number / 1000, dt.UTC)


def organization(urn: str | None) -> str | None:
    """Return the number of an organisation, and any other URN as it is."""
    found = ORGANIZATION.fullmatch(urn or "")
    return found[1] if found else urn
