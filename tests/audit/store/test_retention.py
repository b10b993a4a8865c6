"""What a purge leaves in the database, and in its files byte by byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from audit import pack
from audit.model.finding import Subject
from audit.model.item import Item, ItemKind
from audit.model.record import Validator
from audit.model.verdict import Level
from audit.retention import Content, Removal, removal, rules
from audit.settings import Settings
from audit.store import accounts, findings, items, judgements, retention, runs, schema
from audit.store.database import Session, Store, open_store
from tests.factories import at, make_account, make_finding, make_item, make_result, make_run

TABLES = pack.read("ucsf")[0].retention
ZONE = ZoneInfo("America/Los_Angeles")
KINDS = (ItemKind.POST, ItemKind.REPLY, ItemKind.COMMENT, ItemKind.PROFILE)
PLATFORMS = ("bluesky", "facebook", "linkedin", "x", "youtube")


def items_of(platform: str, word: str = "canary") -> list[Item]:
    """Return one item of each kind, with a canary in its text, long enough to fill pages."""
    return [
        make_item(
            f"{platform}-{kind.value}",
            f"{word} {platform} {kind.value} " + "long enough to spill " * 300,
            kind=kind,
        )
        for kind in KINDS
    ]


def fill(store: Store) -> None:
    """Two nights ago everything was seen; a finding was made in each item."""
    with store.write() as session:
        registered = [make_account(one, platform=one) for one in PLATFORMS]
        accounts.replace_all(session, registered, at(1))
        runs.open_run(session, make_run(5))
        for platform in PLATFORMS:
            found = items_of(platform)
            items.save(session, platform, found, at(5))
            results = [
                make_result(
                    make_finding(
                        f"f-{one.item_id}",
                        subject=Subject(
                            account_id=platform,
                            level=Level(one.kind.value),
                            subject_id=one.item_id,
                        ),
                        evidence=f"evidence {one.item_id}",
                    )
                )
                for one in found
            ]
            bases = {(one.subject.subject_id, one.check_id): "basis" for one in results}
            judgements.save(session, platform, results, bases)
            findings.record(session, "2026-10-05", platform, tuple(Level), results, {})
            items.save_validators(session, platform, [Validator(url="https://f.example", etag="e")])


def planned(session: Session, platform: str, today: dt.date) -> Removal:
    return removal(
        retention.holdings(session, platform),
        retention.quotations(session, platform),
        rules(TABLES, platform),
        today=today,
        zone=ZONE,
        lookback_days=30,
    )


def purge(store: Store, today: dt.date) -> dict[str, Removal]:
    done = {}
    for platform in PLATFORMS:
        with store.write() as session:
            done[platform] = planned(session, platform, today)
            retention.remove(session, platform, done[platform])
    return done


def texts(store: Store, platform: str) -> set[str]:
    """Return the kinds of items of which a text is left."""
    with store.read() as session:
        rows = session.connection.scalars(
            select(schema.item_version.c.item_id).where(
                schema.item_version.c.account_id == platform
            )
        )
        return {one.partition("-")[2] for one in rows}


ALL = {kind.value for kind in KINDS}
OWN = ALL - {"comment"}


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (dt.date(2026, 10, 5), {}),
        (dt.date(2026, 10, 6), {"linkedin": OWN}),
        (dt.date(2026, 11, 3), {"linkedin": OWN}),
        (dt.date(2026, 11, 4), {"linkedin": OWN, "youtube": set()}),
        (dt.date(2027, 1, 2), {"linkedin": OWN, "youtube": set()}),
        (dt.date(2027, 1, 3), {one: set() for one in PLATFORMS}),
    ],
)
def test_each_class_of_each_platform_goes_on_its_day(
    store: Store, day: dt.date, left: dict[str, set[str]]
) -> None:
    fill(store)
    purge(store, day)
    assert {one: texts(store, one) for one in PLATFORMS} == {
        **dict.fromkeys(PLATFORMS, ALL),
        **left,
    }


def test_what_is_gone_from_x_is_gone_the_same_day_with_its_evidence(store: Store) -> None:
    fill(store)
    with store.write() as session:
        for platform in ("x", "facebook"):
            items.mark_gone(session, platform, {f"{platform}-post": "deleted"}, at(6))
    done = purge(store, dt.date(2026, 10, 6))
    assert done["x"].emptied == {"x-post": Content.POSTS}
    assert done["x"].evidence == ("f-x-post",)
    assert texts(store, "x") == ALL - {"post"}
    assert texts(store, "facebook") == ALL
    with store.read() as session:
        found = findings.read(session, accounts=["x"])
        assert found["f-x-post"].evidence is None
        assert found["f-x-post"].message == "A profane word."
        assert found["f-x-reply"].evidence == "evidence x-reply"
        assert judgements.read(session, "x", {("x-post", "profanity"): "basis"}) == {}
        assert items.gone(session, "x", at(6)) == {"x-post": "deleted"}
        assert items.validators(session, "x") == {}
        assert items.validators(session, "facebook") != {}


def test_a_purge_done_again_finds_nothing(store: Store) -> None:
    fill(store)
    day = dt.date(2026, 11, 4)
    assert any(purge(store, day).values())
    assert not any(purge(store, day).values())


def test_what_was_purged_is_simply_stored_again(store: Store) -> None:
    fill(store)
    purge(store, dt.date(2026, 11, 4))
    with store.write() as session:
        assert items.own_ids(session, "youtube") == {"youtube-post", "youtube-reply"}
        assert items.gone(session, "youtube", at(31)) == {}
        assert items.read(session, "youtube", as_of=at(31), since=at(1)) == ()
        assert items.save(session, "youtube", items_of("youtube"), at(31)) == len(KINDS)
        assert len(items.read(session, "youtube", as_of=at(31), since=at(1))) == len(KINDS)


def test_a_comment_keeps_a_trace_for_a_while(store: Store) -> None:
    fill(store)
    purge(store, dt.date(2026, 10, 6))
    with store.read() as session:
        assert "linkedin-comment" in items.seen(session, "linkedin", at(5))
    purge(store, dt.date(2026, 11, 5))
    with store.read() as session:
        assert items.seen(session, "linkedin", at(5)) == {f"linkedin-{one}" for one in OWN}


def test_nothing_of_it_is_left_in_the_files(settings: Settings) -> None:
    store = open_store(settings)
    fill(store)
    with store.read() as session:
        rows = session.connection.execute(
            select(schema.item_version.c.account_id, schema.item_version.c.sealed)
        ).all()
        rows += session.connection.execute(
            select(schema.finding.c.account_id, schema.finding.c.sealed)
        ).all()
        rows += session.connection.execute(
            select(schema.judgement.c.account_id, schema.judgement.c.sealed)
        ).all()
    deleted = [row.sealed for row in rows if row.account_id == "youtube"]
    kept = [row.sealed for row in rows if row.account_id == "facebook"]
    assert min(len(deleted), len(kept)) == 3 * len(KINDS)
    assert found(settings.home, deleted) == len(deleted), "the search finds what is there"
    purge(store, dt.date(2026, 11, 4))
    assert store.scrub()
    assert found(settings.home, deleted) == 0
    assert found(settings.home, kept) == len(kept)
    store.close()
    reopened = open_store(settings)
    with reopened.read() as session:
        assert len(items.read(session, "facebook", as_of=at(9), since=at(1))) == len(KINDS)
    reopened.close()


def found(home: Path, blobs: list[bytes]) -> int:
    """Count the sealed texts of which a part stands in any file below the folder."""
    content = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    # A long one is spread over pages; a stretch that fits into one tells it.
    return sum(blob[17:57] in content or blob[-40:] in content for blob in blobs)


def test_a_busy_database_is_scrubbed_by_the_next_call(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.store.database.BUSY_S", 0)
    store, other = open_store(settings), open_store(settings)
    fill(store)
    purge(store, dt.date(2026, 11, 4))
    with other.write():
        assert not store.scrub()
    assert store.scrub()
    size = (settings.home / "audit.db").stat().st_mtime_ns
    assert store.scrub(), "nothing left to do"
    assert (settings.home / "audit.db").stat().st_mtime_ns == size
    store.close()
    other.close()
