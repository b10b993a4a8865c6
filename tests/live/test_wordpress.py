"""A site read through REST and as a feed, before and after its staff changed things."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from audit.model.account import Account
from audit.model.record import CommentRecord, GapRecord, ProfileRecord, Record, Validator
from audit.platforms import feed, wordpress
from audit.platforms.base import Platform
from tests.live import reading
from tests.live.reading import comments, gaps, gone, kept, night, only, posts
from tests.live.wp_site import Writer, staff, subscriber

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("wordpress")]


@dataclass
class Scene:
    """A site with new posts, and who writes there."""

    site: str
    editor: Writer
    member: Writer
    run: str
    ids: dict[str, str] = field(default_factory=dict)

    def read(
        self, platform: Platform = wordpress.PLATFORM, path: str = "", known: Sequence[Record] = ()
    ) -> list[Record]:
        account = Account(
            account_id="site",
            platform=platform.name,
            handle="site",
            url=self.site + path,
            unit="Office",
        )
        return night(platform, account, kept(known), days=1)

    def said(self, records: Sequence[Record], word: str) -> CommentRecord:
        """Return the comment of this run with a word."""
        return next(one for one in only(CommentRecord, records) if f"{word} {self.run}" in one.text)


@pytest.fixture
def scene() -> Scene:
    site = reading.address("AUDIT_TEST_WORDPRESS")
    editor = staff(site)
    found = Scene(site, editor, subscriber(editor), secrets.token_hex(4))
    ids, run = found.ids, found.run
    ids["rich"] = editor.post(
        f"Café &amp; more {run}",
        '<p>First <a href="/about">page</a>.</p><p>Second<br>line '
        '<img src="/a.png" alt="A chart"> <img src="/b.png"></p>',
        featured_media=editor.picture("The front door"),
    )
    ids["wrong"] = editor.post(f"Withdrawn {run}", "<p>Soon private</p>")
    ids["binned"] = editor.post(f"Binned {run}", "<p>Soon in the bin</p>")
    ids["deleted"] = editor.post(f"Deleted {run}", "<p>Soon deleted</p>")
    ids["edited"] = editor.post(f"Edited {run}", "<p>Open at 8</p>")
    ids["secret"] = editor.post(f"Secret {run}", "<p>Word</p>", password="word")
    ids["draft"] = editor.post(f"Draft {run}", "<p>Not yet</p>", status="draft")
    ids["guest"] = Writer(site).comment(ids["rich"], f"guest {run}", "Passer By")
    ids["member"] = found.member.answer(ids["rich"], f"member {run}")
    ids["staff"] = editor.answer(ids["rich"], f"staff {run}", parent=ids["guest"])
    return found


def test_first_night_brings_everything(scene: Scene) -> None:
    found, ids = scene.read(), scene.ids
    assert gaps(found) == set()
    assert only(ProfileRecord, found)[0].account_id == scene.site
    own = posts(found)
    assert {ids[x] for x in ("rich", "wrong", "binned", "deleted", "edited", "secret")} <= set(own)
    assert ids["draft"] not in own
    rich = own[ids["rich"]]
    assert rich.title == f"Café & more {scene.run}"
    assert rich.text.split("\n") == ["First page.", "Second", "line"]
    assert [one.alt_text for one in rich.media] == ["The front door", "A chart", ""]
    assert rich.links[0].endswith("/about")
    assert rich.links[0].startswith("http")
    assert rich.created_at is not None
    assert "Word" not in own[ids["secret"]].text

    guest, member = scene.said(found, "guest"), scene.said(found, "member")
    answer = scene.said(found, "staff")
    assert guest.comment_id == f"comment-{ids['guest']}"
    assert (guest.author, guest.author_id, guest.author_name) == ("public", None, "Passer By")
    # A login alone does not make a reader one of the site's authors.
    assert member.author == "public"
    assert member.author_id is not None
    assert (answer.author, answer.parent_id, answer.post_id) == (
        "account",
        guest.comment_id,
        ids["rich"],
    )
    assert not set(comments(found)) & set(own)


def test_next_night_sees_edits_and_what_is_gone(scene: Scene) -> None:
    first, ids = scene.read(), scene.ids
    editor = scene.editor
    editor.call("POST", f"posts/{ids['wrong']}", status="private")
    editor.call("DELETE", f"posts/{ids['binned']}")
    editor.call("DELETE", f"posts/{ids['deleted']}?force=true")
    editor.call("DELETE", f"comments/{ids['member']}?force=true")
    editor.call("POST", f"posts/{ids['edited']}", content="<p>Open at 9</p>")
    editor.call("POST", f"comments/{ids['guest']}", content=f"guest {scene.run}, mended")
    second = scene.read(known=first)
    lost = {name: gone(second).get(one) for name, one in ids.items()}
    assert lost["wrong"] == "private"
    assert lost["binned"] == "private"  # the site does not tell the bin from private
    assert lost["deleted"] == "deleted"
    assert gone(second)[f"comment-{ids['member']}"] == "deleted"
    assert not {ids["rich"], ids["edited"], f"comment-{ids['guest']}"} & set(gone(second))
    assert posts(second)[ids["edited"]].text == "Open at 9"
    assert scene.said(second, "guest").text.endswith("mended")
    assert gaps(second) == set()


def test_known_posts_that_left_the_lists_are_asked_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scene.read()
    monkeypatch.setattr(wordpress, "PAGE", 3)
    monkeypatch.setattr(wordpress, "MAX_PAGES", 1)
    second = scene.read(known=first)
    assert gaps(second) == {("posts", "broken"), ("comments", "broken")}
    assert posts(second).keys() == posts(first).keys()
    assert gone(second) == {}


def test_site_without_pretty_addresses(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    found = scene.read(path="/index.php")
    assert scene.ids["rich"] in posts(found)
    assert gaps(found) == set()


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/"])
def test_site_read_as_a_feed(scene: Scene, path: str) -> None:
    found = scene.read(feed.PLATFORM, path)
    rich = next(one for one in posts(found).values() if scene.run in (one.title or "x"))
    assert rich.title
    assert gaps(found) == set()
    guest, answer = scene.said(found, "guest"), scene.said(found, "staff")
    assert answer.parent_id == guest.comment_id
    assert guest.post_id in posts(found)
    assert "Passer By" not in (answer.text + (answer.text_html or ""))
    assert {one.author for one in comments(found).values()} == {"public"}
    # WordPress leaves the validators as they are when a post is binned.
    assert only(Validator, found) == []

    title = f"Deleted {scene.run}"
    lost = next(one.post_id for one in posts(found).values() if one.title == title)
    scene.editor.call("DELETE", f"posts/{scene.ids['deleted']}?force=true")
    for _ in range(10):  # a busy server may show the post a moment longer
        second = scene.read(feed.PLATFORM, path, found)
        assert only(GapRecord, second) == []
        if lost not in posts(second):
            break
        time.sleep(1)
    assert gone(second) == {lost: "deleted"}, [
        (one.post_id, one.created_at) for one in posts(second).values()
    ]
