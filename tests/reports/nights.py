"""One invented night, built value by value; everything a test does not name has a default.

Units, people, posts and figures are invented.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from audit.checks.base import Check
from audit.lifecycle import Life, life
from audit.model.account import Account
from audit.model.finding import Decision, Finding, Review, State, Subject
from audit.model.item import Facet, Gap, GapKind, Item, ItemKind
from audit.model.life import AccountSight, AccountState
from audit.model.verdict import PASSED, Kind, Level, Outcome, Severity
from audit.pack import ClauseTable, InstitutionTable, Pack, PackTable, PeopleTable
from audit.policy import BoundCheck, Policy
from audit.states import Standing
from audit.store.runs import Fetched
from audit.store.versions import Departed
from reports.compliance.owner import owner_report
from reports.endings import Ending, How
from reports.model.owner import OwnerReport
from reports.night import CheckWords, Covered, FindingTonight, Night, Point

TONIGHT = dt.date(2027, 5, 18)
AS_OF = dt.datetime(2027, 5, 18, 9, tzinfo=dt.UTC)

CLAUSES = {
    "BP05": ("Be honest about who you are", "Say who you are and whom you work with."),
    "BP07": ("Listen", "Follow the conversations that are already going on."),
    "BP08": ("Live by the law", "Keep to the law, accessibility duties included."),
    "BP10": ("Adhere to compliance requirements", "Privacy law holds for every post and reply."),
    "BP12": ("Be helpful", "Some words need an official answer, and soon."),
}


def words(code: str, title: str, remedy: str, *, excerpt: bool = False) -> CheckWords:
    return CheckWords(
        check_id=title.lower().replace(" ", "-"),
        code=code,
        clause=code.partition(".")[0],
        title=title,
        remedy=remedy,
        excerpt=excerpt,
    )


PATIENT = words(
    "BP10.1", "Patient information in a post", "Take the post down now. Then call for advice."
)
REPLY = words(
    "BP10.2", "Reply that may confirm someone's care", "Replace the reply by a neutral one."
)
PARTNER = words(
    "BP05.7",
    "Partner thanked without a clear label",
    "If the partner gave money or goods, say so in the first line. If not, dispute it.",
    excerpt=True,
)
HASHTAG = words(
    "BP08.5",
    "Hashtag that screen readers cannot split",
    "Start each word of the hashtag with a capital letter.",
    excerpt=True,
)
ALT = words("BP08.1", "Image without a description", "Add a description to the image.")
REPLIES = words("BP07.1", "Few answers to questions", "Look through the comments once a week.")
CRISIS = words("BP12.1", "Crisis cue in a public comment", "Leave it to University Relations.")
ALL = (PATIENT, REPLY, PARTNER, HASHTAG, ALT, REPLIES, CRISIS)


def policy(**people: object) -> Policy:
    contacts: dict[str, object] = {
        "university_relations": ("relations@example.edu",),
        "university_relations_phone": "415-555-0117",
        "privacy_office_phone": "415-555-0142",
    }
    pack = Pack(
        pack=PackTable(id="sample", version="2027.04", title="Sample", source="https://x.example"),
        institution=InstitutionTable(
            names=("Bayline",), domains=("example.edu",), timezone="America/Los_Angeles"
        ),
        people=PeopleTable.model_validate({**contacts, **people}),
        clauses={
            code: ClauseTable(title=title, summary=summary, source="Sample", version="1")
            for code, (title, summary) in CLAUSES.items()
        },
    )
    return Policy(pack=pack, checks=tuple(bound(one) for one in ALL), terms={}, version="sample-1")


def bound(one: CheckWords) -> BoundCheck:
    check = Check(
        id=one.check_id,
        code=one.code,
        clause=one.clause,
        title=one.title,
        levels=(Level.POST,),
        kind=Kind.DIRECT,
        severity=Severity.MEDIUM,
        remedy=one.remedy,
        judge=lambda item, params, context: PASSED,
        excerpt=one.excerpt,
    )
    return BoundCheck(check=check, params=None, severity=Severity.MEDIUM)


def account(
    account_id: str,
    platform: str = "instagram",
    unit: str = "Sleep Clinic",
    handle: str = "baylinesleep",
    owners: tuple[str, ...] = ("dana@example.edu",),
) -> Account:
    return Account(
        account_id=account_id, platform=platform, handle=handle, unit=unit, owners=owners
    )


def finding(
    of: CheckWords,
    *,
    account_id: str = "ig",
    state: State = State.NEW,
    kind: Kind = Kind.DIRECT,
    severity: Severity = Severity.MEDIUM,
    level: Level = Level.POST,
    subject: str = "p1",
    message: str = "Found something",
    evidence: str | None = None,
    suggestion: str | None = None,
    first: dt.date = TONIGHT,
    posted: dt.datetime | None = dt.datetime(2027, 5, 18, 3, 12, tzinfo=dt.UTC),
    permalink: str | None = "https://social.example/p/1",
    gone: bool = False,
    decision: Review | None = None,
    confirmed: bool = False,
) -> FindingTonight:
    name = f"{of.code} {account_id} {subject}"
    fingerprint = hashlib.sha256(name.encode()).hexdigest()[:32]
    item = None
    if posted is not None and level in (Level.POST, Level.REPLY):
        item = Item(
            item_id=subject, kind=ItemKind(level.value), created_at=posted, permalink=permalink
        )
    return FindingTonight(
        finding=Finding(
            fingerprint=fingerprint,
            check_id=of.check_id,
            code=of.code,
            subject=Subject(account_id=account_id, level=level, subject_id=subject),
            kind=kind,
            severity=severity,
            outcome=Outcome.REVIEW if kind in (Kind.PROXY, Kind.WEAK) else Outcome.FAIL,
            message=message,
            evidence=evidence,
            suggestion=suggestion,
        ),
        standing=Standing(
            state=state,
            first_night=first.isoformat(),
            last_night=TONIGHT.isoformat(),
            times_seen=1,
            changed_tonight=state in (State.NEW, State.REOPENED, State.RESOLVED),
            gone=gone,
            decision=decision,
            confirmed=confirmed,
        ),
        words=of,
        item=item,
        ending=Ending(how=How.REMOVED, on=TONIGHT, reason="deleted") if gone else None,
    )


def waiver(until: dt.date) -> Review:
    return Review(
        fingerprint="x",
        decision=Decision.WAIVE,
        reviewer="m@example.edu",
        reason="agreed",
        decided_at=AS_OF,
        expires_on=until,
    )


def fetched(
    account_id: str,
    posts: int = 24,
    comments: int | None = 61,
    gap: Gap | None = None,
    minute: int = 7,
) -> tuple[Fetched, ...]:
    """Posts and profile read, comments too or unsupported; with ``gap``, everything is one."""
    at = AS_OF + dt.timedelta(minutes=minute)
    missing = Gap(facet=Facet.COMMENTS, kind=GapKind.UNSUPPORTED, reason="not offered")
    rows = {
        Facet.POSTS: (posts, None),
        Facet.COMMENTS: (comments or 0, None if comments is not None else missing),
        Facet.PROFILE: (1, None),
    }
    return tuple(
        Fetched(
            account_id=account_id,
            facet=facet,
            fetched_at=at,
            items=0 if gap else items,
            gap=Gap(facet=facet, kind=gap.kind, reason=gap.reason) if gap else own,
        )
        for facet, (items, own) in rows.items()
    )


def covered(
    account_id: str, of: CheckWords, outcome: Outcome, subjects: int = 24, reason: str = ""
) -> Covered:
    return Covered(
        account_id=account_id,
        check_id=of.check_id,
        level="post",
        outcome=outcome,
        reason=reason,
        subjects=subjects,
    )


def history(values: Sequence[int | None], account_id: str = "ig") -> tuple[Point, ...]:
    """The last nights, the last of them tonight; ``None``: nothing could be read."""
    return tuple(
        Point(
            date=TONIGHT - dt.timedelta(days=len(values) - 1 - at),
            read=frozenset() if value is None else frozenset({account_id}),
            open={account_id: value or 0},
        )
        for at, value in enumerate(values)
    )


def night(**changes: object) -> Night:
    """A night with three accounts of one owner, one account without, and seven findings."""
    values: dict[str, object] = {
        "date": TONIGHT,
        "as_of": AS_OF,
        "baseline": False,
        "previous": TONIGHT - dt.timedelta(days=1),
        "policy": policy(),
        "accounts": (
            account("ig"),
            account("fb", "facebook", handle="Bayline Sleep Clinic"),
            account("li", "linkedin", handle="bayline-sleep"),
            account("sh", "x", unit="Campus Shuttle", handle="baylineshuttle", owners=()),
        ),
        "ownerless": frozenset({"sh"}),
        "fetched": (
            *fetched("ig"),
            *fetched("fb", 18, 112, minute=31),
            *fetched("li", 9, None, minute=12),
            *fetched(
                "sh",
                gap=Gap(
                    facet=Facet.POSTS, kind=GapKind.DENIED, reason="X refused our access (403)"
                ),
            ),
        ),
        "covered": (
            covered("ig", PATIENT, Outcome.PASS),
            covered("ig", PATIENT, Outcome.FAIL, 1),
            covered("ig", HASHTAG, Outcome.PASS),
            covered("fb", REPLY, Outcome.REVIEW, 1),
            covered("li", PARTNER, Outcome.REVIEW, 1),
            covered("li", REPLIES, Outcome.NOT_ASSESSED, 1, "LinkedIn does not offer comments"),
            covered("sh", PATIENT, Outcome.NOT_ASSESSED, 1, "X refused our access (403)"),
            covered("ig", ALT, Outcome.ERROR, 1, "KeyError"),
        ),
        "findings": FINDINGS,
        "gone": (
            Departed(
                account_id="fb", item_id="p7", kind=ItemKind.POST, gone_at=AS_OF, reason="deleted"
            ),
        ),
        "history": history((11, 10, 9, None, None, 9, 8, 7)),
        "precision": {PARTNER.check_id: (71, 94)},
    }
    return Night(**{**values, **changes})  # type: ignore[arg-type]


FINDINGS = (
    finding(
        PATIENT,
        severity=Severity.CRITICAL,
        message="A story with a date and a name",
        evidence="SECRET-EVIDENCE of a person",
        suggestion="SECRET-SUGGESTION",
    ),
    finding(
        REPLY,
        account_id="fb",
        severity=Severity.CRITICAL,
        kind=Kind.PROXY,
        level=Level.REPLY,
        subject="r2",
        message="The answer may confirm a visit",
        evidence="SECRET-REPLY",
    ),
    finding(
        PARTNER,
        account_id="li",
        state=State.OPEN,
        kind=Kind.PROXY,
        subject="p3",
        first=dt.date(2027, 5, 12),
        message='No label such as "Paid partnership" in the first 125 characters',
        evidence="Thanks to @DrowsyMattress for the new beds in our study rooms, they are a joy",
        suggestion="Donated by Drowsy Mattress: new beds in our study rooms. Thank you!",
    ),
    finding(
        HASHTAG,
        state=State.REOPENED,
        severity=Severity.LOW,
        subject="p4",
        first=dt.date(2027, 5, 2),
        message="One hashtag runs several words together",
        evidence="#sleepwellwithbayline",
        suggestion="#SleepWellWithBayline",
    ),
    finding(ALT, state=State.OPEN, severity=Severity.LOW, subject="p5", first=TONIGHT),
    finding(ALT, state=State.NOT_RECHECKED, severity=Severity.LOW, subject="p6"),
    finding(ALT, account_id="fb", state=State.RESOLVED, subject="p7", gone=True),
    finding(ALT, state=State.WAIVED, subject="p8", decision=waiver(dt.date(2027, 5, 25))),
    finding(REPLIES, kind=Kind.WEAK, severity=Severity.LOW, level=Level.ACCOUNT, subject="account"),
    finding(
        HASHTAG,
        account_id="sh",
        state=State.NOT_RECHECKED,
        subject="p9",
        first=dt.date(2027, 5, 6),
    ),
    finding(
        CRISIS,
        account_id="fb",
        severity=Severity.CRITICAL,
        kind=Kind.PROXY,
        level=Level.COMMENT,
        subject="c1",
        message="Words of somebody in need",
        evidence="SECRET-COMMENT",
    ),
)


def danas(of: Night) -> OwnerReport | None:
    """The mail to the one owner there is."""
    ours = [one for one in of.accounts if "dana@example.edu" in one.owners]
    return owner_report(of, ours, "Dana Quill")


def first_night() -> Night:
    """The first night of an installation: the same accounts, everything a baseline."""
    found = tuple(
        finding(of, account_id=where, subject=f"b{number}", severity=severity, kind=kind)
        for number, (of, where, severity, kind) in enumerate(
            (
                (ALT, "ig", Severity.MEDIUM, Kind.DIRECT),
                (ALT, "ig", Severity.MEDIUM, Kind.DIRECT),
                (ALT, "ig", Severity.MEDIUM, Kind.DIRECT),
                (ALT, "ig", Severity.MEDIUM, Kind.DIRECT),
                (ALT, "ig", Severity.MEDIUM, Kind.DIRECT),
                (HASHTAG, "fb", Severity.LOW, Kind.DIRECT),
                (PARTNER, "li", Severity.MEDIUM, Kind.PROXY),
            )
        )
    )
    return night(baseline=True, previous=None, findings=found, gone=(), history=(), precision={})


def changed_night() -> Night:
    """Accounts that are not as registered, and findings that ended in each way there is."""

    def lived(*states: AccountState, **last: str | None) -> Life:
        sights = [
            AccountSight(
                account_id="a",
                night=(TONIGHT - dt.timedelta(days=len(states) - 1 - at)).isoformat(),
                state=state,
                **(last if at == len(states) - 1 else {}),
            )
            for at, state in enumerate(states)
        ]
        found = life(sights)
        assert found is not None
        return found

    active, absent = AccountState.ACTIVE, AccountState.ABSENT
    suspended = Gap(
        facet=Facet.POSTS, kind=GapKind.NOT_FOUND, reason="the server suspended the account"
    )
    lost = replace(suspended, reason="no such account")
    ended = (
        finding(ALT, account_id="fb", state=State.RESOLVED, subject="e1"),
        finding(ALT, account_id="fb", state=State.RESOLVED, subject="e2"),
        finding(HASHTAG, account_id="fb", state=State.RESOLVED, subject="e3"),
        finding(PARTNER, account_id="fb", state=State.RESOLVED, subject="e4", gone=True),
        finding(
            CRISIS,
            account_id="fb",
            state=State.RESOLVED,
            subject="e5",
            level=Level.COMMENT,
            severity=Severity.CRITICAL,
            gone=True,
        ),
    )
    yesterday = TONIGHT - dt.timedelta(days=1)
    endings = (
        Ending(how=How.EDITED, on=yesterday, noticed=False),
        Ending(how=How.EDITED, on=TONIGHT),
        Ending(how=How.CLEARED),
        Ending(how=How.REMOVED, on=TONIGHT, reason="deleted or private"),
        Ending(how=How.REMOVED, on=TONIGHT, reason="deleted"),
    )
    found = tuple(replace(one, ending=ending) for one, ending in zip(ended, endings, strict=True))
    evidence = finding(
        PATIENT,
        state=State.RESOLVED,
        severity=Severity.CRITICAL,
        subject="e6",
        gone=True,
        evidence="SECRET-EVIDENCE of a person",
    )
    return night(
        accounts=(
            account("ig"),
            account("fb", "facebook", handle="Bayline Sleep Clinic"),
            account("ma", "mastodon", handle="sleep@social.example"),
            account("bs", "bluesky", handle="sleep.example.edu"),
            account("yt", "youtube", handle="baylinesleep"),
            account("sh", "x", unit="Campus Shuttle", handle="baylineshuttle", owners=()),
        ),
        lives={
            "ig": lived(active, active, AccountState.RENAMED, handle="baylinesleepclinic"),
            "fb": lived(AccountState.PRIVATE, active),
            "ma": lived(active, AccountState.SUSPENDED, detail="the server suspended the account"),
            "bs": lived(active, absent, absent, absent),
            "yt": lived(active, absent),
            "sh": lived(active, AccountState.REPLACED, AccountState.REPLACED),
        },
        fetched=(
            *fetched("ig"),
            *fetched("fb", 18, 112, minute=31),
            *fetched("ma", gap=suspended),
            *fetched("bs", gap=lost),
            *fetched("yt", gap=lost),
            *fetched("sh", gap=replace(lost, kind=GapKind.DENIED, reason="not ours any more")),
        ),
        findings=found,
        evidence=(replace(evidence, evidence=True),),
        gone=tuple(
            Departed(account_id="fb", item_id=key, kind=kind, gone_at=AS_OF, reason="deleted")
            for key, kind in (
                ("e4", ItemKind.POST),
                ("p70", ItemKind.REPLY),
                ("e5", ItemKind.COMMENT),
                ("c2", ItemKind.COMMENT),
            )
        ),
        history=history((3, 3, 2)),
    )


def unread_night() -> Night:
    """Nothing is open, and one account could not be read."""
    broken = Gap(facet=Facet.POSTS, kind=GapKind.BROKEN, reason="Facebook stopped answering")
    return night(
        findings=(),
        history=history((0, 0, 0)),
        fetched=(*fetched("ig"), *fetched("fb", gap=broken), *fetched("li", 9, None)),
    )
