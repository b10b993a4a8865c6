"""Archives: rows as people really export them, and their past."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit import registry
from audit.model.account import Account
from audit.model.record import CommentRecord, GapRecord, NoRecord, PostRecord, ProfileRecord
from audit.platforms.answers.archive import read
from audit.platforms.archive import PLATFORM, locate
from tests.audit.platforms.script import Script, answer, gaps, gather, gone, known

POST = {"type": "post", "post_id": "1", "created_at": "2026-10-10T09:00:00-07:00", "text": "Hello"}
COMMENT = {
    "type": "comment",
    "comment_id": "c1",
    "post_id": "1",
    "created_at": "2026-10-10T17:00:00Z",
    "text": "Hi",
    "author_name": "Somebody",
}


def lines(*rows: Any) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)


def reasons(body: str) -> list[str]:
    return [one.reason for one in read(answer(body)) if isinstance(one, GapRecord)]


def test_json_lines() -> None:
    media = [{"type": "image", "alt_text": ""}, {"type": "video", "has_captions": True}]
    rich = {
        **POST,
        "kind": "reply",
        "media": media,
        "metrics": {"likes": 3},
        "hashtags": ["A"],
        "in_reply_to_id": 17,
    }
    profile = {"type": "profile", "handle": "x", "display_name": "X", "followers": 0}
    post, comment, page = read(answer("\ufeff" + lines(rich, "", COMMENT, profile)))
    assert isinstance(post, PostRecord)
    assert str(post.created_at) == "2026-10-10 16:00:00+00:00"
    assert [one.alt_text for one in post.media] == ["", None]
    assert (post.metrics.likes, post.metrics.shares) == (3, None)
    assert (post.kind, post.in_reply_to_id, post.hashtags) == ("reply", "17", ("A",))
    assert isinstance(comment, CommentRecord)
    assert (comment.author, comment.author_name) == ("public", "Somebody")
    assert isinstance(page, ProfileRecord)
    assert (page.followers, page.following) == (0, None)


def test_csv() -> None:
    body = (
        "type,post_id,created_at,text,images,alt_texts,hashtags,likes,sensitive\r\n"
        'post,1,2026-10-10T09:00:00Z,"Two\nlines",3,A door | ,Day|Night,4,yes\r\n'
        "post,2,2026-10-11T09:00:00Z,No picture,,,,,\r\n"
        "post,3,2026-10-11T09:00:00Z,One,,B,,0,\r\n"
    )
    first, second, third = (one for one in read(answer(body)) if isinstance(one, PostRecord))
    assert first.text == "Two\nlines"
    assert [one.alt_text for one in first.media] == ["A door", "", ""]
    assert (first.hashtags, first.metrics.likes, first.sensitive) == (("Day", "Night"), 4, True)
    assert (second.media, second.metrics.likes, second.sensitive) == ((), None, None)
    assert [one.alt_text for one in third.media] == ["B"]
    assert third.metrics.likes == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**POST, "created_at": "2026-10-10T09:00:00"}, "line 2: 'created_at' has no time zone"),
        ({**POST, "created_at": "10/10/2026"}, "line 2: 'created_at' is no time"),
        ({**POST, "created_at": None}, "line 2: 'created_at' is missing"),
        ({**POST, "created": 1}, "line 2: unknown field 'created', did you mean 'created_at'?"),
        ({**POST, "type": "tweet"}, "line 2: 'type' must be one of profile, post, comment"),
        ({**POST, "kind": "story"}, "line 2: 'kind' must be one of original, reply"),
        ({**POST, "text": 5}, "line 2: 'text': "),
        ({**COMMENT, "author": "Jo"}, "line 2: 'author' must be one of account, public"),
        ('{"type": "post"', "line 2: no JSON"),
        ("[1]", "line 2: no JSON object"),
    ],
)
def test_row_that_cannot_be_read_does_not_lose_the_others(row: Any, said: str) -> None:
    found = list(read(answer(lines(POST, row, {**POST, "post_id": "3"}))))
    assert [one.post_id for one in found if isinstance(one, PostRecord)] == ["1", "3"]
    (reason,) = (one.reason for one in found if isinstance(one, GapRecord))
    assert reason.startswith(said)
    assert "Hello" not in reason


def test_csv_that_cannot_be_read() -> None:
    assert reasons("a,b\n1,2\n") == ["line 1: no column 'type'; the first line names the columns"]
    assert reasons("type,post_id,created_at\npost,1\n")[0].startswith("line 2: not as many cells")
    assert reasons("type,images,post_id,created_at\npost,x,1,2026-10-10T09:00:00Z\n") == [
        "line 2: 'images' is not a number"
    ]
    body = answer("type,text\npost,é\n".encode("latin-1"))
    (found,) = read(body)
    assert isinstance(found, GapRecord)
    assert "UTF-8" in found.reason


def test_empty_archive() -> None:
    (found,) = read(answer(""))
    assert isinstance(found, NoRecord)


def night(path: Path, **more: Any) -> list[Any]:
    return gather(PLATFORM, Script({}), url=str(path), **more)


def texts(found: list[Any]) -> dict[str, str]:
    return {one.post_id: one.text for one in found if isinstance(one, PostRecord)}


def test_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(POST, COMMENT))
    (tmp_path / "b.csv").write_text("type,post_id,created_at\npost,2,2026-10-11T09:00:00Z\npost\n")
    (tmp_path / "notes.txt").write_text("not read")
    found = night(tmp_path)
    assert texts(found).keys() == {"1", "2"}
    assert gaps(found) == {("posts", "broken")}
    (reason,) = (one.reason for one in found if isinstance(one, GapRecord))
    assert reason.startswith("b.csv, line 3: ")


def test_night_sees_the_archive_as_it_stood(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        lines(
            {**POST, "post_id": "edited", "text": "second", "edited_at": "2026-10-12T00:00:00Z"},
            {**POST, "post_id": "edited", "text": "first"},
            {**POST, "post_id": "edited", "text": "third", "edited_at": "2026-11-02T00:00:00Z"},
            {**POST, "post_id": "withdrawn", "deleted_at": "2026-10-20T00:00:00Z"},
            {**POST, "post_id": "later-withdrawn", "deleted_at": "2026-11-20T00:00:00Z"},
            {**POST, "post_id": "old", "created_at": "2026-09-01T00:00:00Z"},
            {**POST, "post_id": "next-month", "created_at": "2026-11-01T00:00:00Z"},
            {"type": "profile", "bio": "before", "handle": "x"},
            {"type": "profile", "bio": "now", "handle": "x", "seen_at": "2026-10-15T00:00:00Z"},
            {"type": "profile", "bio": "then", "handle": "x", "seen_at": "2026-11-15T00:00:00Z"},
        )
    )
    items = [known(one) for one in ("edited", "withdrawn", "vanished", "old")]
    found = night(file, known=items)
    assert texts(found) == {"edited": "second", "later-withdrawn": "Hello"}
    assert [one.bio for one in found if isinstance(one, ProfileRecord)] == ["now"]
    assert gone(found) == {"withdrawn": "deleted", "vanished": "deleted"}


def test_nothing_is_gone_from_an_archive_that_was_not_read_in_full(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(lines(POST, "{"))
    assert gone(night(file, known=[known("2")])) == {}


def test_nothing_is_gone_from_an_archive_that_was_emptied(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("")
    found = night(file, known=[known("2")])
    assert gone(found) == {}
    assert ("posts", "broken") in gaps(found)
    assert gaps(night(file)) == set()


def test_archive_that_is_not_there(tmp_path: Path) -> None:
    everywhere = {(facet, "not_found") for facet in ("profile", "posts", "comments")}
    assert gaps(night(tmp_path / "none.jsonl")) == everywhere
    assert gaps(night(tmp_path)) == everywhere


@pytest.mark.parametrize(
    ("url", "right"),
    [("a/b.jsonl", True), ("b.csv", True), ("folder", True), (None, False), ("b.xlsx", False),
     ("https://x.example/a.csv", False)],
)  # fmt: skip
def test_path_in_the_registry(url: str | None, right: bool) -> None:
    account = Account(account_id="a", platform="archive", handle="a", url=url, unit="U")
    assert (locate(account) is None) is right


def test_path_counts_from_the_registry(tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text("account_id,platform,handle,url,unit\na,archive,a,files/a.jsonl,U\n")
    (account,) = registry.read(file)
    assert account.url == str(tmp_path / "files/a.jsonl")
