"""What ``account-audit replay`` prints, and what it keeps to itself."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from audit.errors import ConfigError
from audit.jobs.replay import replay, serialise
from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    MediaRecord,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
    Validator,
)

ME, YOU = "did:plc:mine", "did:plc:yours"


def test_fields_are_those_of_the_public_surface() -> None:
    post = PostRecord(
        platform="x",
        post_id="1",
        account_id="a",
        text="Hi",
        created_at=dt.datetime(2026, 10, 10, 9, tzinfo=dt.UTC),
        media=(MediaRecord(type="image", alt_text=""),),
    )
    (found,) = serialise([post])
    assert found["type"] == "post"
    assert found["created_at"] == "2026-10-10T09:00:00Z"
    assert found["media"][0] == {
        "type": "image", "url": None, "alt_text": "", "has_captions": None,
        "width": None, "height": None, "duration": None,
    }  # fmt: skip
    assert found["metrics"]["likes"] is None
    assert "raw" not in found


def test_gap_and_next_page() -> None:
    gap = GapRecord(
        facet=Facet.POSTS, kind=GapKind.RATE_LIMITED, reason="wait", status=429, retry_after=3.0
    )
    assert list(serialise([gap, NextPage(cursor="c")])) == [
        {
            "type": "gap",
            "facet": "posts",
            "kind": "rate_limited",
            "reason": "wait",
            "status": 429,
            "retry_after": 3.0,
        },
        {"type": "next_page", "cursor": "c"},
    ]


def test_commenters_have_no_name() -> None:
    comment = CommentRecord(
        platform="x", comment_id="1", post_id="2", author_id="77", author_name="Jo Doe", text="Hi"
    )
    (found,) = serialise([comment])
    assert found["author"] == "public"
    assert not {"author_id", "author_name"} & set(found)


def test_accounts_in_addresses_of_the_public_are_replaced() -> None:
    records: list[Record] = [
        ProfileRecord(platform="bluesky", account_id=ME, handle="mine.test"),
        PostRecord(
            platform="bluesky",
            post_id=f"at://{ME}/app.bsky.feed.post/1",
            account_id=ME,
            text=f"@yours.test wrote https://bsky.app/profile/yours.test and {YOU}",
            permalink=f"https://bsky.app/profile/{ME}/post/1",
            in_reply_to_id=f"at://{YOU}/app.bsky.feed.post/2",
            links=(
                "https://bsky.app/profile/yours.test/post/2",
                "https://bsky.app/profile/mine.test",
            ),
            media=(MediaRecord(type="image", url=f"https://cdn.example/{YOU}/a@jpeg"),),
        ),
    ]
    _, post = serialise(records)
    assert post["post_id"] == f"at://{ME}/app.bsky.feed.post/1"
    assert post["permalink"] == f"https://bsky.app/profile/{ME}/post/1"
    assert post["in_reply_to_id"] == "at://public/app.bsky.feed.post/2"
    assert post["links"] == [
        "https://bsky.app/profile/public/post/2",
        "https://bsky.app/profile/mine.test",
    ]
    assert post["media"][0]["url"] == "https://cdn.example/public/a@jpeg"
    assert YOU in post["text"]  # what somebody wrote is not changed


def test_bookkeeping_is_not_printed() -> None:
    assert list(serialise([Validator(url="https://a.example", etag="1")])) == []


def run(platform: str, *files: Path) -> tuple[list[dict[str, Any]], list[str]]:
    unread: list[str] = []
    return list(replay(platform, files, unread.append)), unread


def test_files_that_cannot_be_read_are_told_and_the_others_printed(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"did": ME}))
    bad.write_text(json.dumps({"status": 200, "body_file": "../../etc/hostname"}))
    found, unread = run("bluesky", tmp_path / "none.json", bad, tmp_path, good)
    assert [one["type"] for one in found] == ["none"]
    assert [message.partition(": ")[2] for message in unread] == [
        "No such file or directory",
        "body_file leads out of the folder of its envelope",
        "Is a directory",
    ]


def test_error_in_a_file_is_an_answer_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "error.json"
    file.write_text("not at all JSON")
    found, unread = run("bluesky", file)
    assert unread == []
    assert (found[0]["type"], found[0]["kind"], found[0]["status"]) == ("gap", "broken", None)


def test_bare_error_has_no_status_but_a_kind(tmp_path: Path) -> None:
    file = tmp_path / "error.json"
    file.write_text(json.dumps({"error": "ExpiredToken", "message": "secret-token"}))
    (found,), _ = run("bluesky", file)
    assert (found["kind"], found["status"]) == ("denied", None)
    assert "secret" not in json.dumps(found)


def test_unknown_platform() -> None:
    with pytest.raises(ConfigError, match="did you mean 'bluesky'"):
        run("blusky", Path("x"))
