"""Bluesky read from a real PDS and AppView, before and after people changed their minds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from audit.model.account import Account
from audit.model.record import ProfileRecord, Record
from audit.platforms import bluesky
from tests.live import reading
from tests.live.at_network import POST, Person, Ref, eventually, join, stamp
from tests.live.reading import comments, gaps, gone, kept, night, only, posts

pytestmark = pytest.mark.live


@dataclass
class Scene:
    """An account with a history, and its readers."""

    account: Account
    office: Person
    reader: Person
    other: Person
    leaving: Person
    refs: dict[str, Ref]

    def read(self, known: Sequence[Record] = ()) -> list[Record]:
        return night(bluesky.PLATFORM, self.account, kept(known))

    def complete(self, records: Sequence[Record]) -> bool:
        """Say whether the AppView knows all that was published."""
        found = {*posts(records), *comments(records)}
        foreign = {self.refs["theirs"].uri}
        return {ref.uri for ref in self.refs.values()} - foreign <= found


@pytest.fixture
def scene() -> Scene:
    pds = reading.address("AUDIT_TEST_BLUESKY_PDS")
    view = reading.address("AUDIT_TEST_BLUESKY_APPVIEW")
    office, reader, other, leaving = (
        join(pds, name) for name in ("office", "reader", "other", "leaving")
    )
    account = Account(
        account_id="office", platform="bluesky", handle=office.handle, url=view, unit="Office"
    )
    return Scene(account, office, reader, other, leaving, {})


def publish(scene: Scene) -> None:
    """Let the account and its readers write what the tests look for."""
    office, reader, refs = scene.office, scene.reader, scene.refs
    profile = {
        "$type": "app.bsky.actor.profile",
        "displayName": "Office",
        "description": "Official. See https://office.example/social.",
    }
    office.write(profile, key="self")
    text = "Café 😀 opens #OpenDay see office.example/day"
    refs["first"] = office.post(
        text,
        langs=["en"],
        facets=[
            _facet(text, "#OpenDay", "tag", tag="openday"),
            _facet(text, "office.example/day", "link", uri="https://office.example/day"),
        ],
    )
    blob = office.picture()
    images = [{"image": blob, "alt": "A chart"}, {"image": blob, "alt": ""}]
    refs["pictures"] = office.post(
        "Two", embed={"$type": "app.bsky.embed.images", "images": images}
    )
    refs["labelled"] = office.post(
        "Surgery",
        labels={
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": "graphic-media"}],
        },
    )
    card = {"uri": "https://news.example/1", "title": "Story", "description": "About it"}
    refs["card"] = office.post("Read", embed={"$type": "app.bsky.embed.external", "external": card})
    refs["quote"] = office.post(
        "As we said",
        embed={
            "$type": "app.bsky.embed.recordWithMedia",
            "record": {"$type": "app.bsky.embed.record", "record": refs["first"].strong},
            "media": {"$type": "app.bsky.embed.images", "images": images[:1]},
        },
    )
    refs["future"] = office.write(
        {"$type": POST, "text": "From the future", "createdAt": "2031-01-01T00:00:00.000Z"}
    )
    refs["wrong"], refs["hours"] = office.post("To be withdrawn"), office.post("Open at 8")

    refs["question"] = reader.post("How do I get in?", under=(refs["first"],) * 2)
    refs["nested"] = scene.other.post("Me too", under=(refs["first"], refs["question"]))
    refs["answer"] = office.post("Through the door", under=(refs["first"], refs["nested"]))
    refs["rude"] = reader.post("To be deleted", under=(refs["first"],) * 2)
    refs["orphan"] = scene.other.post("Under it", under=(refs["first"], refs["rude"]))
    refs["leaver"] = scene.leaving.post("Bye", under=(refs["first"],) * 2)
    refs["theirs"] = reader.post("My own thread")
    refs["visit"] = office.post("Thanks for telling", under=(refs["theirs"],) * 2)
    refs["back"] = reader.post("You are welcome", under=(refs["theirs"], refs["visit"]))
    refs["repost"] = office.repost(refs["theirs"])


def _facet(text: str, part: str, kind: str, **feature: str) -> dict[str, object]:
    start = text.encode().index(part.encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(part.encode())},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def test_first_night_brings_everything(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky, "PAGE", 4)
    publish(scene)
    refs, office = scene.refs, scene.office
    # replyCount of the answer elsewhere is what makes its thread worth a call
    found = eventually(scene.read, scene.complete)
    profile = only(ProfileRecord, found)[0]
    assert (profile.account_id, profile.display_name) == (office.did, "Office")
    assert profile.links == ("https://office.example/social",)
    assert gaps(found) == set()

    own = posts(found)
    mine = {name for name, ref in refs.items() if f"at://{office.did}/" in ref.uri}
    assert set(own) == {refs[name].uri for name in mine}
    first = own[refs["first"].uri]
    assert first.hashtags == ("OpenDay",)
    assert first.links == ("https://office.example/day",)
    assert (first.language, first.sensitive, first.kind) == ("en", False, "original")
    assert [one.alt_text for one in own[refs["pictures"].uri].media] == ["A chart", ""]
    assert own[refs["labelled"].uri].sensitive is True
    assert own[refs["card"].uri].card == "Story\nAbout it"
    quote = own[refs["quote"].uri]
    assert (quote.kind, quote.quoted_id) == ("quote", refs["first"].uri)
    assert [one.alt_text for one in quote.media] == ["A chart"]
    future = own[refs["future"].uri].created_at
    assert future is not None
    assert future.year < 2031
    answer = own[refs["answer"].uri]
    assert (answer.kind, answer.in_reply_to_id, answer.root_id) == (
        "reply",
        refs["nested"].uri,
        refs["first"].uri,
    )
    repost = own[refs["repost"].uri]
    assert (repost.kind, repost.quoted_id) == ("repost", refs["theirs"].uri)

    public = comments(found)
    assert set(public) == {
        refs[name].uri for name in ("question", "nested", "rude", "orphan", "leaver", "back")
    }
    nested = public[refs["nested"].uri]
    assert (nested.post_id, nested.parent_id, nested.author) == (
        refs["first"].uri,
        refs["question"].uri,
        "public",
    )
    assert nested.author_id == scene.other.did
    assert public[refs["question"].uri].parent_id is None
    assert public[refs["back"].uri].post_id == refs["visit"].uri


def test_next_night_sees_edits_and_what_is_gone(scene: Scene) -> None:
    publish(scene)
    refs, office = scene.refs, scene.office
    first = eventually(scene.read, scene.complete)

    office.delete(refs["wrong"])
    office.delete(refs["repost"])
    scene.reader.delete(refs["rude"])
    scene.leaving.call("com.atproto.server.deactivateAccount")
    key = refs["hours"].uri.rpartition("/")[2]
    written = stamp(office.started)
    office.write({"$type": POST, "text": "Open at 9", "createdAt": written}, key=key)
    refs["late"] = scene.other.post("A late comment", under=(refs["hours"],) * 2)

    def done(records: list[Record]) -> bool:
        lost = {refs[name].uri for name in ("wrong", "rude", "leaver", "repost")}
        return (
            lost <= set(gone(records))
            and refs["late"].uri in comments(records)
            and posts(records)[refs["hours"].uri].text == "Open at 9"
        )

    second = eventually(lambda: scene.read(first), done)
    assert gone(second) == {
        refs[name].uri: "deleted" for name in ("wrong", "rude", "leaver", "repost")
    }
    own = posts(second)
    assert refs["wrong"].uri not in own
    # No thread shows an answer whose parent is gone; asked for by itself, it is still there.
    orphan = comments(second)[refs["orphan"].uri]
    assert (orphan.post_id, orphan.parent_id) == (refs["first"].uri, refs["rude"].uri)
    assert gaps(second) == set()


def test_deactivated_account_is_a_gap_and_nothing_is_gone(scene: Scene) -> None:
    ref = scene.office.post("Still here")
    first = eventually(scene.read, lambda records: ref.uri in posts(records))
    scene.office.call("com.atproto.server.deactivateAccount")
    absent = {(facet, "not_found") for facet in ("profile", "posts", "comments")}
    second = eventually(lambda: scene.read(first), lambda records: gaps(records) == absent)
    assert gone(second) == {}
    assert posts(second) == {}


def test_unknown_handle_is_a_gap(scene: Scene) -> None:
    scene.account = Account(
        account_id="x",
        platform="bluesky",
        handle="nobody-at-all.test",
        url=scene.account.url,
        unit="Office",
    )
    assert gaps(scene.read()) == {
        (facet, "not_found") for facet in ("profile", "posts", "comments")
    }
