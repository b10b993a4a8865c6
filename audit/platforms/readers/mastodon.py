"""What is asked of a Mastodon server about one account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from audit.client import Client, Params
from audit.errors import FetchError
from audit.model.item import Facet, GapKind
from audit.model.record import (
    CommentRecord,
    GapRecord,
    Gone,
    NextPage,
    PostRecord,
    ProfileRecord,
    Record,
)
from audit.platforms.answers import gaps
from audit.platforms.answers.mastodon import CUT, GONE, account_state, read, refreshing
from audit.platforms.base import Known, Target
from audit.platforms.calls import record_id
from audit.response import Response

PAGE = 40
MAX_PAGES = 100
BATCH = 20
"""Source: mastodon/mastodon, app/controllers/api/v1/statuses_controller.rb."""
MAX_ALONE = 100
"""Known items that are asked for one by one in a night."""
MAX_FAILURES = 3
"""Threads that may fail before the rest is left for the next night."""


class Reader:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client) -> None:
        self.target, self.client, self.account = target, client, ""
        self.halted: GapRecord | None = None
        """A limit that was met; it ends the calls of the night."""
        handle, _, host = target.account.handle.removeprefix("@").partition("@")
        parts = urlsplit(target.account.url or f"https://{host}")
        self.root = f"{parts.scheme}://{parts.netloc}/api/v1/"
        # On its own server an account goes by its name alone.
        self.acct = f"{handle}@{host}" if host and host != parts.netloc else handle
        token = target.credential.token if target.credential else ""
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, call: str, **params: str | int) -> Response:
        """Make one call to the server."""
        return self.client.get(self.root + call, params, self.headers)

    def records(self, facet: Facet, call: str, params: Params) -> tuple[list[Record], Response]:
        """Ask and map; what goes wrong becomes a gap of ``facet``."""
        nothing = Response(status=0, body=b"")
        if self.halted:
            return [replace(self.halted, facet=facet)], nothing
        try:
            answer = self.client.get(self.root + call, params, self.headers)
        except FetchError as error:
            return [gaps.failed(error, facet)], nothing
        found = list(gaps.asked_for(read(answer, self.account or None), facet))
        for one in found:
            if isinstance(one, GapRecord) and one.kind is GapKind.RATE_LIMITED:
                self.halted = one
        return found, answer

    def profile(self) -> Iterator[Record]:
        """Read the profile, by its id where that is known."""
        known = self.target.platform_id
        found, answer = self.described(known)
        if known and _lost(found):
            named, _ = self.described(None)
            if any(isinstance(one, ProfileRecord) and one.account_id != known for one in named):
                found = list(gaps.replaced((Facet.PROFILE,)))
        said = account_state(answer)
        if said:
            yield said
        for record in found:
            if isinstance(record, ProfileRecord):
                self.account = record.account_id or ""
            if isinstance(record, ProfileRecord | GapRecord):
                yield record
        if not any(isinstance(one, ProfileRecord | GapRecord) for one in found):
            yield GapRecord(
                facet=Facet.PROFILE, kind=GapKind.BROKEN, reason="the answer names no account"
            )

    def described(self, known: str | None) -> tuple[list[Record], Response]:
        """Ask for the account by its id, or else by its name."""
        if known:
            return self.records(Facet.PROFILE, f"accounts/{known}", {})
        return self.records(Facet.PROFILE, "accounts/lookup", {"acct": self.acct})

    def posts(self) -> Iterator[Record]:
        """Walk down until a whole page lies before the window."""
        window, cursor, seen = self.target.window, "", {""}
        for _ in range(MAX_PAGES):
            params: Params = {"limit": PAGE, **({"max_id": cursor} if cursor else {})}
            found, answer = self.records(Facet.POSTS, f"accounts/{self.account}/statuses", params)
            cursor, old = "", []
            for record in found:
                if isinstance(record, GapRecord):
                    yield record
                    return
                if isinstance(record, NextPage):
                    cursor = record.cursor
                elif isinstance(record, PostRecord):
                    when = record.created_at
                    old.append(when is not None and when < window.start)
                    if "link" not in answer.headers:
                        cursor = record.post_id  # other software leaves the header out
                    if when is None or window.holds(when):
                        yield record
            if not cursor or (old and all(old)):
                return
            if cursor in seen:
                yield gaps.repeated(Facet.POSTS)
                return
            seen.add(cursor)
        yield GapRecord(
            facet=Facet.POSTS,
            kind=GapKind.BROKEN,
            reason=f"the list goes on after {MAX_PAGES} pages",
        )

    def answers(self, posts: Sequence[PostRecord], own: frozenset[str]) -> Iterator[Record]:
        """Read what hangs under the account's posts, and under its answers elsewhere."""
        failures, later = 0, []
        if self.halted:
            yield replace(self.halted, facet=Facet.COMMENTS)
            return
        for post in posts:
            # Zero is zero; software that does not count is asked all the same.
            if post.kind == "repost" or post.metrics.comments == 0 or post.in_reply_to_id in own:
                continue
            found, answer = self.under(post, own)
            if refreshing(answer):
                later.append(post)
                found = [one for one in found if not isinstance(one, GapRecord)]
            yield from found
            for one in found:
                if isinstance(one, GapRecord) and one.reason != CUT.reason:
                    limited = one.kind is GapKind.RATE_LIMITED
                    failures = MAX_FAILURES if limited else failures + 1
            if failures >= MAX_FAILURES:
                return
        for post in later:  # by now the server may have fetched what others answered
            yield from self.under(post, own)[0]

    def under(self, post: PostRecord, own: frozenset[str]) -> tuple[list[Record], Response]:
        """Read the answers to one post; the second value is the server's own answer."""
        found, answer = self.records(Facet.COMMENTS, f"statuses/{post.post_id}/context", {})
        kept: list[Record] = []
        for record in found:
            if isinstance(record, CommentRecord):
                when = record.created_at
                if record.comment_id in own or (when and not self.target.window.holds(when)):
                    continue  # the account's own answers are posts of its list
                parent = record.parent_id or record.post_id
                kept.append(
                    replace(
                        record,
                        post_id=post.post_id,
                        parent_id=None if parent == post.post_id else parent,
                    )
                )
            elif isinstance(record, GapRecord):
                # A post that went away since the list was read is no gap; with a login
                # sixty answers are no limit.
                met = record.reason == CUT.reason and bool(self.headers)
                if record.reason != GONE and not met:
                    kept.append(record)
        return kept, answer

    def again(self, known: Sequence[Known]) -> Iterator[Record]:
        """Look again at known items that were not met; what no longer comes is gone."""
        together, sure = True, False
        for comment in (False, True):
            facet = Facet.COMMENTS if comment else Facet.POSTS
            ids = sorted({one.record_id for one in known if one.comment is comment})
            alone: list[str] = []
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                if not together:
                    alone += batch
                    continue
                found, answer = self.records(facet, "statuses", {"id[]": batch})
                if answer.status in (400, 404, 405, 422, 501):
                    together = False  # older or other software
                    alone += batch
                    continue
                lost = [one for one in found if isinstance(one, GapRecord)]
                if lost:
                    yield from lost
                    return
                if not sure and not any(map(record_id, found)):
                    # Software that does not know the parameter answers with an empty list.
                    alone += batch
                    continue
                sure = True
                yield from _met(found, batch)
            for one in alone[:MAX_ALONE]:
                found, answer = self.records(facet, f"statuses/{one}", {})
                lost = [gap for gap in found if isinstance(gap, GapRecord)]
                if any(gap.reason == GONE or gap.status == 410 for gap in lost):
                    yield Gone(record_id=one, reason="deleted")
                elif lost:
                    yield from lost
                    return
                else:
                    yield from _met(found, [one])


def _lost(found: Sequence[Record]) -> bool:
    """Whether the account is not found, and nothing says why."""
    return any(
        isinstance(one, GapRecord) and one.kind is GapKind.NOT_FOUND and not one.account_state
        for one in found
    )


def _met(found: Sequence[Record], asked: Sequence[str]) -> Iterator[Record]:
    """Yield what came of the ids that were asked for, and which are gone."""
    met = set()
    for record in found:
        if isinstance(record, PostRecord):
            met.add(record.post_id)
            yield record
        elif isinstance(record, CommentRecord):
            met.add(record.comment_id)
            yield record
    yield from (Gone(record_id=one, reason="deleted") for one in asked if one not in met)
