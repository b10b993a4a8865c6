"""How long a server asks to wait: never below zero, never longer than a month."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import waiting

NINE = {"date": "Sat, 10 Oct 2026 09:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "limited", "seconds"),
    [
        ({"retry-after": " 30 "}, False, 30.0),
        ({"retry-after": str(31 * 86400)}, False, 31 * 86400.0),
        ({"retry-after": str(31 * 86400 + 1)}, False, None),
        ({"retry-after": "9" * 5000}, False, None),
        ({"retry-after": "-1"}, False, None),
        ({"retry-after": "Sat, 10 Oct 2026 09:01:00 GMT"}, False, None),
        ({**NINE, "retry-after": "Sat, 10 Oct 2026 09:01:00 GMT"}, False, 60.0),
        ({**NINE, "retry-after": "Sat, 10 Oct 2026 08:00:00 GMT"}, False, 0.0),
        ({**NINE, "retry-after": "Sat, 10 Oct 2099 08:00:00 GMT"}, True, None),
        ({**NINE, "x-rate-limit-reset": "1791622860"}, True, 60.0),
        ({**NINE, "x-rate-limit-reset": "1791622860"}, False, None),
        ({**NINE, "x-rate-limit-reset": "1791622860", "retry-after": "5"}, True, 5.0),
        ({**NINE, "x-ratelimit-reset": "2026-10-10T09:01:00Z"}, True, 60.0),
        ({**NINE, "x-ratelimit-reset": "2026-10-10T09:01:00"}, True, None),
        ({**NINE, "ratelimit-reset": "soon"}, True, None),
        ({}, True, None),
    ],
)
def test_forms(headers: dict[str, str], limited: bool, seconds: float | None) -> None:
    assert waiting.seconds(headers, limited=limited) == seconds


NAMES = st.sampled_from(["retry-after", "date", *waiting.RESETS])


@given(
    st.dictionaries(NAMES, st.one_of(st.text(), st.integers().map(str), st.datetimes().map(str)))
)
def test_whatever_is_said_the_wait_is_bounded(headers: dict[str, str]) -> None:
    found = waiting.seconds(headers, limited=True)
    assert found is None or 0 <= found <= waiting.LONGEST
