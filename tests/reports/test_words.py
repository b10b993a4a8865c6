"""How dates, numbers and lists are said."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from reports import words

PACIFIC = ZoneInfo("America/Los_Angeles")


def at(day, hour, minute=0):
    return dt.datetime(2027, 5, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12:05 am"), (9, "9:05 am"), (12, "12:05 pm"), (20, "8:05 pm")]
)
def test_times_are_said_with_noon_and_midnight(hour, said):
    assert words.clock(dt.datetime(2027, 5, 18, hour, 5)) == said  # noqa: DTZ001  (local)


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([], None),
        ([at(18, 9, 4)], "Tue, May 18, 2:04 am PT"),
        ([at(18, 9, 31), at(18, 9, 4)], "Tue, May 18, 2:04 am to 2:31 am PT"),
        ([at(18, 6), at(18, 9)], "Mon, May 17, 11:00 pm to Tue, May 18, 2:00 am PT"),
    ],
)
def test_spans_name_the_zone_once(moments, said):
    assert words.span(moments, PACIFIC) == said


@pytest.mark.parametrize(
    ("zone", "name"),
    [("America/New_York", "ET"), ("UTC", "UTC"), ("Asia/Tokyo", "JST"), ("Europe/Berlin", "CEST")],
)
def test_zones_are_called_what_people_call_them(zone, name):
    assert words.zone_name(at(18, 9), ZoneInfo(zone)) == name


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (1, 9, None),
        (0, 10, "0%"),
        (10, 10, "100%"),
        (9999, 10000, "99.9%"),
        (1, 100000, "0.1%"),
        (71, 94, "75.5%"),
    ],
)
def test_shares_are_never_rounded_to_all_or_nothing(part, whole, said):
    assert words.share(part, whole) == said


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_lists(parts, said):
    assert words.listing(list(parts)) == said


def test_long_names_are_cut_at_a_word():
    assert words.cut("Department of Long Names", 17) == "Department of..."
    assert words.cut("short", 17) == "short"
    assert len(words.cut("x" * 50, 17)) == 17


def test_sentences_end_once():
    assert words.sentence(" hello ") == "Hello."
    assert words.sentence("Why?") == "Why?"
    assert words.sentence("") == ""


def test_platforms_and_names():
    assert words.platform("tiktok") == "TikTok"
    assert words.platform("new_place") == "New place"
    assert words.handle("instagram", "@name") == "@name"
    assert words.handle("wordpress", "news") == "news"
