"""Accounts over several nights: renamed, private, suspended, gone, back, and taken over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit import catalogue
from audit.client import Client
from audit.errors import ConfigError
from audit.installation import Installation
from audit.jobs.finding import acknowledge, detail
from audit.jobs.lives import lives
from audit.jobs.plan import opened
from audit.jobs.registry import confirm, history
from audit.model.record import ProfileRecord, Record
from audit.platforms import mastodon
from audit.platforms.base import Target
from audit.store import runs, sights, versions
from reports.compliance.digest import digest
from reports.compliance.owner import owner_report
from reports.night import Night, read
from reports.render import render
from tests.organisation import Organisation
from tests.serving import Server, serving

SWEAR = "Well, shit happens in the stacks too."
CALM = "The reading room is open until nine."
OWNER = "ann@bayline.example"
PATIENT = "Our patient Maria Gonzalez, MRN 00482913, was discharged on October 1, 2026."


class Masto:
    """A Mastodon server with one account, as it is tonight."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.posts: list[dict[str, Any]] = []
        self.account: dict[str, Any] | None = {}
        self.named: dict[str, Any] | None = None
        server.routes["/api/v1/accounts/lookup"] = lambda _: self._found(self.named)
        server.routes["/api/v1/accounts/900"] = lambda _: self._found(None)
        server.routes["/api/v1/accounts/900/statuses"] = lambda _: _json(self.posts)
        server.routes["/api/v1/accounts/901/statuses"] = lambda _: _json([])
        server.routes["/api/v1/statuses"] = lambda _: _json([])
        server.otherwise = lambda _: _json({"error": "Record not found"}, 404)

    def _found(self, other: dict[str, Any] | None) -> tuple[int, dict[str, str], bytes]:
        found = {"id": "900", "acct": "library", **self.account} if self.account is not None else {}
        found = other or found
        if found.get("status"):
            return found["status"], {}, b"down"
        return _json(found) if found else _json({"error": "Record not found"}, 404)


def _json(body: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def status(key: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "created_at": "2026-10-01T17:00:00Z",
        "content": f"<p>{text}</p>",
        "account": {"id": "900", "acct": "library"},
        "replies_count": 0,
        **more,
    }


class Story:
    """An organisation whose one account is on that server."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.masto, self.bayline = Masto(server), Organisation(folder)
        self.changes = {"allow_hosts": (server.pair,)}
        self.register("library")
        self.night_of: dict[str, Night] = {}

    def register(self, handle: str) -> None:
        self.bayline.accounts["library"] = (
            f"library,mastodon,{handle},{self.masto.server.url('')},Library,{OWNER},"
            f"{OWNER},https://library.bayline.example,no\n"
        )
        head = "account_id,platform,handle,url,unit,owners,administrators,website,spokesperson\n"
        file = self.bayline.folder / "registry.csv"
        file.write_text(head + self.bayline.accounts["library"], encoding="utf-8")

    def night(self, day: int) -> str | None:
        """Audit a night; returns how the account stands after it."""
        name = f"2026-10-{day:02}"
        self.found = self.bayline.night(name, **self.changes)

        def stands(one: Installation) -> str | None:
            self.night_of[name] = self.last = read(one, opened(one, name))
            with one.store.read() as session:
                known = lives(session, name).get("library")
            return known.state.value if known else None

        return str(self.bayline.do(stands, **self.changes))

    def do(self, job: Any) -> Any:
        return self.bayline.do(job, **self.changes)

    def mail(self) -> str:
        report = owner_report(self.last, self.last.accounts)
        return " ".join(render("owner", report).text.split()) if report else ""

    def digest(self) -> str:
        return " ".join(render("relations", digest(self.last)).text.split())

    def gaps(self) -> set[tuple[str, str]]:
        return {(one.facet.value, one.gap.kind.value) for one in self.last.fetched if one.gap}

    def states(self, code: str = "BP04.1") -> list[str]:
        return [one["state"] for one in self.found if one["code"] == code]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with serving() as server:
        yield Story(tmp_path, server)


def test_a_life_from_night_to_night(story: Story) -> None:
    masto = story.masto
    masto.posts = [status("1", SWEAR)]
    assert story.night(2) == "active"
    assert story.digest().count("have changed (") == 0
    masto.account = {"suspended": True}
    assert story.night(3) == "suspended"
    assert "@library on Mastodon has been suspended since Oct 3." in story.mail()
    assert "It stays in the registry until University Relations takes it out." in story.mail()
    assert story.states() == ["not_rechecked"]
    outcomes = {one.outcome for one in story.last.covered if one.level in ("post", "profile")}
    assert outcomes == {"not_assessed"}
    masto.account = {"status": 503}
    assert story.night(4) == "suspended"
    masto.account = {}
    assert story.night(5) == "active"
    assert "@library on Mastodon is back; it was suspended before." in story.mail()
    masto.account = {"moved": {"id": "7", "acct": "new@m.example"}}
    assert story.night(6) == "merged"
    assert "has moved to another account to @new@m.example" in story.mail()
    told = story.do(lambda one: history(one, "library"))
    assert [(one["where"], one["change"]) for one in told if one["where"] == "platform"] == [
        ("platform", "active -> suspended (the server suspended the account, or its owner "
         "deleted it)"),
        ("platform", "suspended -> active"),
        ("platform", "active -> merged (to new@m.example)"),
    ]  # fmt: skip
    assert {one.account_id for one in story.last.accounts} == {"library"}


def test_a_name_that_passed_to_somebody_else_is_not_read_until_it_is_confirmed(
    story: Story,
) -> None:
    masto = story.masto
    masto.posts = [status("1", SWEAR)]
    story.night(2)
    masto.account, masto.named = None, {"id": "901", "acct": "library"}
    assert story.night(3) == "replaced"
    assert story.gaps() == {(facet, "denied") for facet in ("profile", "posts", "comments")}
    assert "another account has had its name since Oct 3. That one was not read." in story.mail()
    assert story.states() == ["not_rechecked"]
    asked = [path for path, _ in masto.server.requests if "901" in path]
    assert asked == []
    story.do(lambda one: confirm(one, "library", by="Ann", reason="made anew"))
    assert story.night(4) == "active"
    assert "is back; it was name taken over" not in story.mail()
    told = story.do(lambda one: history(one, "library"))[-1]["change"]
    assert told == "confirmed under its present name by Ann: made anew"
    with pytest.raises(ConfigError, match="not in the registry"):
        story.do(lambda one: confirm(one, "museum", by="Ann", reason="x"))


def test_three_nights_without_a_trace_are_a_deletion_and_two_are_not(story: Story) -> None:
    story.night(2)
    story.masto.account = None
    assert [story.night(day) for day in (3, 4)] == ["active", "active"]
    assert "was not found on Mastodon for 2 nights. After 3 nights it counts" in story.digest()
    story.masto.account = {"status": 503}
    assert story.night(5) == "active"
    story.masto.account = None
    assert story.night(6) == "deleted"
    assert "was not found on Mastodon on 3 nights, the last of them Oct 6" in story.mail()
    story.masto.account = {}
    assert story.night(7) == "active"
    assert "is back; it was deleted before." in story.mail()


def test_a_night_told_twice_leaves_the_same_sights_and_a_back_fill_none(story: Story) -> None:
    story.night(2)
    story.night(4)

    def rows(one: Installation) -> Any:
        with one.store.read() as session:
            return sights.read(session)

    before = story.do(rows)
    story.masto.account = {"suspended": True}
    story.night(2)
    story.bayline.night("2026-10-03", backfill=True, **story.changes)
    assert story.do(rows) == before
    # A later try of a night that learnt nothing leaves what the first one saw.
    story.night(5)
    story.masto.account = {"status": 503}
    story.night(5)
    assert [one.state.value for one in story.do(rows)["library"]] == [
        "active", "active", "suspended",
    ]  # fmt: skip


def test_the_registry_that_names_another_account_binds_no_older_id(story: Story) -> None:
    def bound(one: Installation, since: dt.datetime | None) -> str | None:
        with one.store.read() as session:
            return sights.platform_id(session, "library", "2026-10-09", since)

    story.night(2)
    as_of = story.last.as_of
    assert story.do(lambda one: bound(one, None)) == "900"
    assert story.do(lambda one: bound(one, as_of)) == "900"
    assert story.do(lambda one: bound(one, as_of + dt.timedelta(seconds=1))) is None
    # Corrected today, for good: what nights saw before is of the other name.
    story.register("other")
    story.masto.named = {"id": "901", "acct": "other"}
    assert story.night(3) == "active"


def test_an_edit_and_a_removal_end_findings_each_in_its_own_words(story: Story) -> None:
    masto = story.masto
    masto.posts = [status("1", SWEAR), status("2", SWEAR), status("3", SWEAR)]
    story.night(2)
    edited = {"edited_at": "2026-10-02T20:00:00Z"}
    masto.posts = [status("1", CALM, **edited), status("2", CALM)]
    story.night(3)
    mail = story.mail()
    assert mail.count("Edited Oct 2: ") == 1
    assert mail.count("Edited, other words first seen Oct 3: ") == 1
    assert mail.count("Removed by the account, noticed Oct 3: ") == 1
    said = story.digest()
    assert "1 post or answer of the accounts is no longer public; 1 finding disappeared" in said
    assert SWEAR not in said
    assert SWEAR not in mail
    (key,) = [
        one.finding.fingerprint
        for one in story.last.findings
        if one.finding.subject.subject_id == "1" and one.finding.code == "BP04.1"
    ]
    told = story.do(lambda one: detail(one, f"F-{key[:8]}"))
    assert [(one["number"], one["edited_at"]) for one in told["versions"]] == [
        (1, None),
        (2, "2026-10-02T20:00:00+00:00"),
    ]
    assert [one["sight"] for one in told["nights"]] == ["seen", "cleared"]
    assert SWEAR not in json.dumps(told)

    def opened_on_request(one: Installation) -> list[str | None]:
        with one.store.read() as session:
            found = [versions.wording(session, "library", "1", number) for number in (1, 2, 3)]
        return [item.texts[0].text if item else None for item in found]

    assert story.do(opened_on_request) == [SWEAR, CALM, None]


def test_what_was_critical_and_is_removed_stays_listed_until_somebody_looked(
    story: Story,
) -> None:
    masto = story.masto
    masto.posts = [status("1", PATIENT)]
    story.night(2)
    assert story.states("BP10.1") == ["new"]
    masto.posts = []
    for day in (3, 4):
        story.night(day)
        said = story.digest()
        assert "Critical, removed, and not yet looked at by a person (1)" in said
        assert "Removed by the account, noticed Oct 3." in said
        assert "Gonzalez" not in said
    (found,) = story.last.evidence
    assert found not in story.last.findings
    key = found.finding.fingerprint
    story.do(lambda one: acknowledge(one, f"F-{key[:8]}", by="Ann", reason="seen"))
    with pytest.raises(ConfigError, match="no finding has the reference"):
        story.do(lambda one: detail(one, "F-zzzzzzzz"))

    def looked(one: Installation) -> tuple[Any, ...]:
        night = opened(one, "2026-10-04")
        later = runs.Run(
            **{
                **{name: getattr(night, name) for name in runs.Run.__slots__},
                "as_of": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1),
            }
        )
        return read(one, later).evidence

    assert story.do(looked) == ()


def test_comments_that_vanish_are_nobodys_doing(story: Story) -> None:
    masto = story.masto
    masto.posts = [status("1", CALM, replies_count=1)]
    theirs = status("5", "Nice.", account={"id": "7", "acct": "somebody"}, in_reply_to_id="1")
    masto.server.routes["/api/v1/statuses/1/context"] = lambda _: _json(
        {"ancestors": [], "descendants": [theirs]}
    )
    story.night(2)
    masto.server.routes["/api/v1/statuses/1/context"] = lambda _: _json(
        {"ancestors": [], "descendants": []}
    )
    story.night(3)
    said = story.digest()
    assert "1 comment of the public is gone; by whose doing is not known." in said
    assert "Removed by the account" not in said


def test_a_private_account_passes_nothing_although_its_platform_lists_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gather(target: Target, _: Client) -> Iterator[Record]:
        yield ProfileRecord(platform="mastodon", account_id="900", handle="library", locked=True)

    hidden = replace(mastodon.PLATFORM, gather=gather, hides=True)
    monkeypatch.setattr(catalogue, "platform", lambda _: hidden)
    assert story.night(2) == "private"
    assert story.gaps() == {("posts", "denied"), ("comments", "denied")}
    assert "@library on Mastodon has been private since Oct 2" in story.mail()
    outcomes = {
        one.outcome for one in story.last.covered if one.level in ("post", "reply", "comment")
    }
    assert outcomes == {"not_assessed"}
    monkeypatch.setattr(catalogue, "platform", lambda _: replace(hidden, hides=False))
    assert story.night(3) == "active"
