"""From records to items: what becomes pseudonymous, and what is told once."""

from __future__ import annotations

from dataclasses import asdict

from audit.intake import Intake, own_ids
from audit.model.item import ItemKind, TextSource
from audit.model.record import CommentRecord, MediaRecord, PostRecord, ProfileRecord, Record
from audit.vault import Vault
from tests.factories import at, make_account

POST = PostRecord(platform="bluesky", post_id="own/1", account_id="own", text="Hello.")
COMMENT = CommentRecord(
    platform="bluesky",
    comment_id="at://canary-did/1",
    post_id="own/1",
    author_id="canary-did",
    author_name="Canary Name",
    text="Hi!",
    permalink="https://bsky.example/canary-did/1",
    created_at=at(1),
)
ANSWER = CommentRecord(
    platform="bluesky",
    comment_id="own/2",
    post_id="own/1",
    parent_id="at://canary-did/1",
    author="account",
    text="Welcome.",
)


def take(vault: Vault, *records: Record, known: frozenset[str] = frozenset()) -> Intake:
    return Intake(make_account(platform="bluesky"), vault, own_ids(records) | known)


def test_the_public_becomes_pseudonymous(vault: Vault) -> None:
    records = (POST, COMMENT)
    _, comment = take(vault, *records).items(records)
    assert comment.kind is ItemKind.COMMENT
    assert comment.author_key
    assert comment.parent_id == comment.root_id == "own/1"
    kept = asdict(comment)
    # The platform's own id and the link are needed to look again; they are stored encrypted.
    assert (kept.pop("source_id"), kept.pop("permalink")) == (COMMENT.comment_id, COMMENT.permalink)
    assert "canary" not in str(kept).lower()


def test_the_same_person_is_the_same_key_on_one_platform_only(vault: Vault) -> None:
    from dataclasses import replace

    again = replace(COMMENT, comment_id="at://canary-did/2")
    one, two = take(vault, COMMENT, again).items((COMMENT, again))
    assert one.author_key == two.author_key
    assert one.item_id != two.item_id
    elsewhere = Intake(make_account(platform="wordpress"), vault, frozenset())
    (other,) = elsewhere.items((COMMENT,))
    assert other.author_key != one.author_key


def test_the_accounts_own_answers_are_replies_linked_to_hashed_comments(vault: Vault) -> None:
    records = (POST, COMMENT, ANSWER)
    _, comment, answer = take(vault, *records).items(records)
    assert answer.kind is ItemKind.REPLY
    assert answer.item_id == "own/2"
    assert answer.author_key is None
    assert answer.parent_id == comment.item_id


def test_what_is_told_twice_is_kept_once_in_its_fuller_form(vault: Vault) -> None:
    reply = PostRecord(
        platform="bluesky",
        post_id="own/2",
        account_id="own",
        text="Welcome.",
        kind="reply",
        in_reply_to_id="at://canary-did/1",
        media=(MediaRecord(type="image", alt_text="A door."),),
    )
    for records in ((reply, ANSWER), (ANSWER, reply)):
        (item,) = take(vault, *records).items(records)
        assert item.kind is ItemKind.REPLY
        assert item.media[0].alt_text == "A door."


def test_an_answer_to_a_post_of_another_night_finds_it(vault: Vault) -> None:
    intake = take(vault, COMMENT, known=frozenset({"own/1"}))
    (comment,) = intake.items((COMMENT,))
    assert comment.parent_id == "own/1"


def test_a_repost_hides_whose_words_it_passes_on(vault: Vault) -> None:
    repost = PostRecord(
        platform="bluesky",
        post_id="at://canary-did/9",
        account_id="own",
        text="Somebody else's words.",
        kind="repost",
        permalink="https://bsky.example/canary-did/9",
    )
    (item,) = take(vault, repost).items((repost,))
    assert item.repost
    assert item.permalink is None
    assert "canary" not in item.item_id


def test_every_text_is_kept_with_its_source(vault: Vault) -> None:
    full = PostRecord(
        platform="bluesky",
        post_id="own/1",
        account_id="own",
        title="Title",
        text="Body.",
        content_warning="Warning",
        card="Card",
        poll=("Yes", "No"),
        media=(MediaRecord(type="image", alt_text="Alt"), MediaRecord(type="image", alt_text="")),
    )
    (item,) = take(vault, full).items((full,))
    assert [(one.source, one.text) for one in item.texts] == [
        (TextSource.BODY, "Title\n\nBody."),
        (TextSource.CONTENT_WARNING, "Warning"),
        (TextSource.CARD, "Card"),
        (TextSource.ALT, "Alt"),
        (TextSource.POLL, "Yes"),
        (TextSource.POLL, "No"),
    ]
    assert [one.alt_text for one in item.media] == ["Alt", ""]


def test_what_is_not_given_stays_unknown(vault: Vault) -> None:
    profile = ProfileRecord(platform="bluesky", account_id="own", handle="bayline")
    (item,) = take(vault, profile).items((profile,))
    assert item.kind is ItemKind.PROFILE
    assert item.texts == ()
    assert item.profile is not None
    assert (item.profile.url, item.profile.followers, item.profile.locked) == (None, None, None)
