"""How nights get their names."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from audit.clock import moment, night_of
from audit.errors import ConfigError

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22", "2026-11-22T10:00:00+00:00"),
        ("2026-10-22", "2026-10-22T09:00:00+00:00"),
        ("2026-11-22T02:00:00", "2026-11-22T10:00:00+00:00"),
        ("2026-11-22T02:00:00-05:00", "2026-11-22T07:00:00+00:00"),
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00+00:00"),
    ],
)
def test_words_become_an_instant(text: str, instant: str) -> None:
    assert moment(text, PACIFIC) == dt.datetime.fromisoformat(instant)


@pytest.mark.parametrize("text", ["22.11.2026", "2026-13-01", "yesterday", "", "2026-11-22T99:00"])
def test_other_words_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="write 2026-01-31"):
        moment(text, PACIFIC)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00"])
def test_a_year_that_cannot_be_reckoned_with_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="the year must be"):
        moment(text, PACIFIC)


def test_a_night_is_named_by_the_local_date() -> None:
    late = dt.datetime(2026, 11, 22, 7, 30, tzinfo=dt.UTC)
    assert night_of(late, PACIFIC) == "2026-11-21"
    assert night_of(late, ZoneInfo("UTC")) == "2026-11-22"
