"""What is asked of Instagram about one account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.client import Client
from audit.model.item import Facet, GapKind
from audit.model.record import CommentRecord, GapRecord, PostRecord, ProfileRecord, Record
from audit.platforms.answers import graph
from audit.platforms.answers.instagram import asked_well, owned, read
from audit.platforms.base import Target
from audit.platforms.calls import (
    MAX_FAILURES,
    Ask,
    Calls,
)
from audit.response import Response

VERSION = "v25.0"
"""Source: https://developers.facebook.com/docs/graph-api/changelog; introduced 2026-02-18."""
DOORS = {"IG": "https://graph.instagram.com", "": "https://graph.facebook.com"}
PAGE = 50
OLD_PAGES = 2
"""Pages in a row that lie before the window, after which nothing newer is expected."""
PROFILE_FIELDS = (
    "id,username,name,biography,website,profile_picture_url,followers_count,follows_count,"
    "media_count"
)
POST_FIELDS = (
    "id,caption,alt_text,media_type,media_product_type,media_url,permalink,timestamp,owner,"
    "like_count,comments_count,children{id,media_type,media_url,alt_text}"
)
STRANGER_FIELDS = "id,caption,media_type,media_url,permalink,timestamp,like_count,comments_count"
COMMENT_FIELDS = "id,text,timestamp,username,from,like_count,hidden,parent_id"
ACCOUNTS = ("me/accounts", "me")
"""A user's token knows the first, a Page's token the second."""
PROFESSIONAL = "17841"
"""Begins the ids that both doors know an account by. Those of Instagram logins alone, which look
different, hold for one app and prove nothing."""


class Reader:
    """The calls about one account."""

    def __init__(self, target: Target, client: Client, token: str) -> None:
        self.window = target.window
        self.name = target.account.handle.removeprefix("@").lower()
        self.known = target.platform_id or ""
        self.account = ""
        self.stranger = False
        self.complete, self.listed = True, False
        """Whether some post was listed: to a token without a permission a list is empty."""
        self.door = "IG" if token.startswith("IG") else ""
        self.calls = Calls(client, self._read, {"Authorization": f"Bearer {token}"})

    def _read(self, response: Response) -> Iterator[Record]:
        return read(response, None if self.stranger else self.account or None)

    def ask(self, path: str, **params: str | int) -> Ask:
        """Return how to ask for ``path`` at the door that the token opens."""
        return f"{DOORS[self.door]}/{VERSION}/{path}", params

    def open(self) -> GapRecord | None:
        """Find out which account the token is for; return what kept from it."""
        asked = [self.ask("me", fields="user_id,username")]
        if not self.door:
            fields = "instagram_business_account{id,username}"
            asked = [self.ask(path, fields=fields, limit=100) for path in ACCOUNTS]
        found: dict[str, str] = {}
        problems: list[GapRecord] = []
        for ask in asked:
            answer = self.calls.answer(Facet.PROFILE, ask)
            if isinstance(answer, GapRecord):
                return answer
            found.update({name.lower(): number for number, name in owned(answer)})
            if not asked_well(answer):
                mapped = self.calls.mapped(Facet.PROFILE, answer)
                problems += [one for one in mapped if isinstance(one, GapRecord)]
            if self.name in found or self.known in found.values():
                self.account = found.get(self.name, self.known)
                return None
        if found and not self.door:
            self.account, self.stranger = next(iter(found.values())), True
            return None
        reason = "the token is not for this account, or the account is no professional one"
        # A token of a Page is refused one of the two (400); all else may have kept the account.
        passing = [one for one in problems if one.kind.transient and one.status != 400]
        if passing or len(problems) == len(asked):
            return (passing or problems)[0]
        return GapRecord(facet=None, kind=GapKind.DENIED, reason=reason)

    def profile(self) -> Iterator[Record]:
        """Read the profile, of a stranger through the token's own account."""
        ask = self.ask(self.account, fields=PROFILE_FIELDS)
        if self.stranger:
            ask = self._discover(PROFILE_FIELDS)
        found = self.calls.records(Facet.PROFILE, ask)
        found = [one for one in found if isinstance(one, ProfileRecord | GapRecord)]
        reason = "the answer describes no account"
        yield from found or [GapRecord(facet=Facet.PROFILE, kind=GapKind.BROKEN, reason=reason)]

    def foreign(self, found: Sequence[Record]) -> bool:
        """Whether a stranger was shown another account than the one that had the name before."""
        shown = next((one.account_id for one in found if isinstance(one, ProfileRecord)), None)
        told = all((one or "").startswith(PROFESSIONAL) for one in (shown, self.known))
        return self.stranger and told and shown != self.known

    def _discover(self, fields: str) -> Ask:
        return self.ask(
            self.account, fields=f"business_discovery.username({self.name}){{{fields}}}"
        )

    def _listed(self, cursor: str) -> Ask:
        if self.stranger:
            after = f".after({cursor})" if cursor else ""
            return self._discover(f"media.limit({PAGE}){after}{{{STRANGER_FIELDS}}}")
        further = {"after": cursor} if cursor else {}
        return self.ask(f"{self.account}/media", fields=POST_FIELDS, limit=PAGE, **further)

    def posts(self) -> Iterator[Record]:
        """Read the list until some pages in a row lie before the window."""
        old_pages = 0
        for page in self.calls.pages(Facet.POSTS, self._listed):
            old = []
            for record in page:
                if isinstance(record, PostRecord):
                    when, self.listed = record.created_at, True
                    old.append(when is not None and when < self.window.start)
                    if when is None or self.window.holds(when):
                        yield record
                elif isinstance(record, GapRecord):
                    self.complete = False
                    yield record
            old_pages = old_pages + 1 if all(old) and old else 0
            if old_pages >= OLD_PAGES:
                return

    def comments(self, posts: Sequence[PostRecord]) -> Iterator[Record]:
        """Read what others wrote under ``posts``."""
        failures = 0
        if self.calls.halted:
            yield replace(self.calls.halted, facet=Facet.COMMENTS)
            return
        fields = f"{COMMENT_FIELDS},replies.limit({PAGE}){{{COMMENT_FIELDS}}}"
        for post in posts:
            if post.metrics.comments == 0:
                continue
            for record in self._thread(post.post_id, f"{post.post_id}/comments", fields):
                failures += isinstance(record, GapRecord)
                yield record
            if failures >= MAX_FAILURES or self.calls.halted:
                return

    def _thread(self, post_id: str, path: str, fields: str) -> Iterator[Record]:
        cut: list[str] = []

        def told(response: Response) -> Iterator[Record]:
            cut.extend(graph.cut(response, "replies"))
            return read(response, self.account, post_id)

        def ask(cursor: str) -> Ask:
            further = {"after": cursor} if cursor else {}
            return self.ask(path, fields=fields, limit=PAGE, **further)

        for page in self.calls.pages(Facet.COMMENTS, ask, told):
            for record in page:
                if isinstance(record, CommentRecord):
                    when = record.created_at
                    if when is not None and when >= self.window.end:
                        continue
                yield record
        for comment in cut:
            yield from self._thread(post_id, f"{comment}/replies", COMMENT_FIELDS)

    def again(self, known: Sequence[str]) -> Iterator[Record]:
        """Look again at what the account wrote; only lists that were read in full are a witness.

        Its own comments are among it, whose ids look the same: only what both have is asked.
        """
        if self.complete and self.listed:
            yield from self.calls.again(
                Facet.POSTS, known, lambda one: self.ask(one, fields="id"), _gone
            )


def _gone(gap: GapRecord) -> str | None:
    return "deleted or hidden" if graph.ambiguous(gap) else None
