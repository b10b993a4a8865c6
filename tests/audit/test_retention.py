"""Which wordings and which evidence have been kept long enough, by the calendar alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from audit import pack
from audit.model.item import ItemKind
from audit.model.verdict import Level
from audit.pack import RetentionTable, WindowTable
from audit.retention import (
    Content,
    Holding,
    Quotation,
    Removal,
    Rule,
    Wording,
    blind_spots,
    removal,
    rules,
)

ZONE = ZoneInfo("America/Los_Angeles")
SHIPPED = pack.read("ucsf")[0].retention


def night(day: int, month: int = 10) -> dt.datetime:
    """Two o'clock in the morning in California."""
    return dt.datetime(2026, month, day, 2, tzinfo=ZONE).astimezone(dt.UTC)


def holding(
    *seen: dt.datetime,
    last: dt.datetime | None = None,
    gone: dt.datetime | None = None,
    kind: ItemKind = ItemKind.POST,
) -> Holding:
    """An item whose wordings were first seen at these moments."""
    return Holding(
        item_id="1",
        kind=kind,
        last_seen=last or seen[-1],
        gone_at=gone,
        wordings=tuple(
            Wording(version=number, first_seen=moment) for number, moment in enumerate(seen, 1)
        ),
    )


def removed(
    today: dt.date,
    *held: Holding,
    days: int = 10,
    gone_days: int | None = None,
    quoted: Sequence[Quotation] = (),
    away: dt.datetime | None = None,
) -> Removal:
    by_class = dict.fromkeys(Content, Rule(days=days, gone_days=gone_days))
    return removal(held, quoted, by_class, today=today, zone=ZONE, lookback_days=30, away=away)


def quotation(worded: dt.datetime, level: Level = Level.POST, subject: str = "1") -> Quotation:
    return Quotation(fingerprint="f", level=level, subject_id=subject, worded_at=worded)


def test_days_are_those_of_the_institution() -> None:
    late = dt.datetime(2026, 10, 1, 23, 30, tzinfo=ZONE).astimezone(dt.UTC)
    assert late.date() == dt.date(2026, 10, 2), "another day in UTC"
    assert not removed(dt.date(2026, 10, 10), holding(late))
    assert removed(dt.date(2026, 10, 11), holding(late)).wordings == (("1", 1),)


def test_a_night_that_sees_it_again_begins_anew() -> None:
    one = holding(night(1), last=night(20))
    assert not removed(dt.date(2026, 10, 29), one)
    assert removed(dt.date(2026, 10, 30), one).emptied == {"1": Content.POSTS}


@pytest.mark.parametrize(("gone_days", "day"), [(0, 5), (1, 6), (None, 14)])
def test_what_is_gone_has_days_of_its_own(gone_days: int | None, day: int) -> None:
    one = holding(night(1), last=night(4), gone=night(5))
    before, then = dt.date(2026, 10, day - 1), dt.date(2026, 10, day)
    if gone_days != 0:
        assert not removed(before, one, gone_days=gone_days)
    assert removed(then, one, gone_days=gone_days).wordings == (("1", 1),)


def test_what_an_account_wrote_goes_with_the_account() -> None:
    today, old, seen = dt.date(2026, 10, 5), holding(night(1), last=night(4)), holding(night(5))
    assert removed(today, old, gone_days=0, away=night(5)).wordings == (("1", 1),)
    assert not removed(today, seen, gone_days=0, away=night(5))
    assert not removed(today, old, gone_days=1, away=night(5))
    theirs = holding(night(1), last=night(4), kind=ItemKind.COMMENT)
    assert not removed(today, theirs, gone_days=0, away=night(5))


def test_an_edit_makes_the_earlier_wording_go_and_nothing_else() -> None:
    one = holding(night(1), night(5), last=night(20))
    what = removed(dt.date(2026, 10, 20), one, gone_days=3)
    assert what.wordings == (("1", 1),)
    assert what.emptied == {}
    assert not removed(dt.date(2026, 10, 7), one, gone_days=3)


def test_evidence_goes_with_the_wording_that_it_was_taken_from() -> None:
    edited = holding(night(1), night(5), last=night(20))
    today = dt.date(2026, 10, 20)
    old, new = quotation(night(2)), quotation(night(6))
    assert removed(today, edited, gone_days=3, quoted=[old]).evidence == ("f",)
    assert removed(today, edited, gone_days=3, quoted=[new]).evidence == ()
    assert removed(today, edited, days=99, quoted=[old]).evidence == ()
    assert removed(today, quoted=[quotation(night(2), subject="never stored")]).evidence == ("f",)


def test_evidence_about_a_whole_account_ages_by_itself() -> None:
    whole = quotation(night(1), Level.ACCOUNT, "account")
    assert removed(dt.date(2026, 10, 10), quoted=[whole]).evidence == ()
    assert removed(dt.date(2026, 10, 11), quoted=[whole]).evidence == ("f",)


def test_a_comment_leaves_a_trace_for_the_look_back_window() -> None:
    one = Holding(item_id="c", kind=ItemKind.COMMENT, last_seen=night(1), gone_at=None, wordings=())
    assert not removed(dt.date(2026, 10, 31), one)
    assert removed(dt.date(2026, 11, 1), one).traces == ("c",)
    post = holding(night(1))
    assert removed(dt.date(2026, 12, 31), post).traces == (), "its id tells comments' parents"


def test_a_platform_overrides_what_it_names() -> None:
    table = RetentionTable.model_validate(
        {
            "posts": {"days": 40, "gone_days": 20},
            "platforms": {"x": {"source": "terms", "posts": {"gone_days": 0}}},
        }
    )
    assert rules(table, "x")[Content.POSTS] == Rule(days=40, gone_days=0)
    assert rules(table, "feed")[Content.POSTS] == Rule(days=40, gone_days=20)
    assert rules(table, "x")[Content.COMMENTS] == Rule(days=90, gone_days=None)


def test_the_shipped_pack_keeps_to_the_terms() -> None:
    """Sources stand in the pack; see docs/privacy.md."""
    assert {rules(SHIPPED, "youtube")[one].days for one in Content} == {30}
    assert {rules(SHIPPED, "x")[one].gone_days for one in Content} == {0}
    comments = rules(SHIPPED, "linkedin")[Content.COMMENTS]
    seen, next_purge = night(1), dt.datetime(2026, 10, 1 + comments.days, 5, tzinfo=ZONE)
    assert next_purge - seen <= dt.timedelta(hours=48)
    assert rules(SHIPPED, "linkedin")[Content.POSTS].days <= 180
    assert rules(SHIPPED, "mastodon")[Content.POSTS].days == 90
    assert all("https://" in one.source for one in SHIPPED.platforms.values())


def test_what_checks_over_time_lose_is_said() -> None:
    window = WindowTable(lookback_days=30, history_days=120)
    said = blind_spots(SHIPPED, window, "youtube")
    assert said is not None
    assert "about 60 days instead of the 120" in said
    assert blind_spots(SHIPPED, window, "bluesky") is None
