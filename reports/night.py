"""What is known of one night, read from the store as plain values; no judgement of its own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audit.installation import Installation
from audit.jobs.bench import lay_out
from audit.jobs.lives import lives
from audit.lifecycle import Life
from audit.model.account import Account
from audit.model.finding import Decision, Finding, Review, State
from audit.model.item import Item
from audit.model.notice import Notice
from audit.model.verdict import ITEM_LEVELS, Kind, Level
from audit.owners import Owner, owners, without_owner
from audit.policy import Policy
from audit.states import Standing, standing
from audit.store import accounts as registry
from audit.store import findings, items, notices, runs, versions
from audit.store.database import Session
from audit.store.findings import Sighting
from audit.store.runs import Fetched, Run
from audit.store.versions import Departed, Key
from reports.endings import Ending, ending, unseen

HISTORY = 14
"""Nights in the small chart of a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWords:
    """What a check says about itself to people."""

    check_id: str
    code: str
    clause: str
    title: str
    remedy: str
    excerpt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How many subjects of an account had an outcome under a check."""

    account_id: str
    check_id: str
    level: str
    outcome: str
    reason: str
    """Empty where there is none."""
    subjects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTonight:
    """A finding, where it stands after the night, and the account's item it is about."""

    finding: Finding
    standing: Standing
    words: CheckWords
    item: Item | None = None
    """``None`` for accounts and the registry, and when the item is no longer kept."""
    ending: Ending | None = None
    """Of a resolved one: what ended it."""
    evidence: bool = False
    """Whether it is critical and its item was removed before a person had looked at it."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.standing.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One night of the past."""

    date: dt.date
    read: frozenset[str]
    """Accounts of which the night could read anything."""
    open: Mapping[str, int]
    """Open findings by account id; an account without any is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One night of the whole installation."""

    date: dt.date
    as_of: dt.datetime
    baseline: bool
    previous: dt.date | None
    """The last night of which readers may have heard, so no back-fill; ``None`` on the baseline."""
    policy: Policy
    accounts: tuple[Account, ...]
    owners: Mapping[str, Owner] = field(default_factory=dict)
    """Those who get mail, by key."""
    ownerless: frozenset[str] = frozenset()
    """Ids of accounts for which nobody who still works here answers."""
    fetched: tuple[Fetched, ...]
    acknowledged: frozenset[tuple[str, str, str]] = frozenset()
    """(account_id, facet, gap_kind) of gaps that a person accepted for a time."""
    covered: tuple[Covered, ...]
    findings: tuple[FindingTonight, ...]
    evidence: tuple[FindingTonight, ...] = ()
    """Of this night and earlier ones, see ``FindingTonight.evidence``."""
    lives: Mapping[str, Life] = field(default_factory=dict)
    """By account id, as far as any night saw the account itself."""
    gone: tuple[Departed, ...] = ()
    """What this night was the first to miss."""
    history: tuple[Point, ...] = field(default=())
    """The last nights, this one included, oldest first."""
    notices: tuple[Notice, ...] = ()
    """What the operators should know."""
    precision: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By check id: how often people agreed, of how many findings they decided."""


def read(installation: Installation, run: Run, keys: Collection[str] | None = None) -> Night:
    """Read a night.

    Findings of checks that the policy has switched off or runs in shadow are left out, and those
    of accounts that left the registry: nobody will look at them again. Evidence stays.

    Args:
        installation: the installation.
        run: the night.
        keys: owners' keys; findings and history are read for their accounts only.
    """
    policy, night, vault = installation.policy, run.night, installation.store.vault
    today = run.date
    with installation.store.read() as session:
        earlier = [one for one in runs.nights(session) if one.as_of <= run.as_of]
        heard = [one for one in earlier[:-1] if one.closed and not one.backfill]
        before = None if run.baseline or not heard else heard[-1].date
        registered = registry.registered(session)
        here = {one.account_id for one in registered}
        directory = lay_out(installation, session, run).directory
        people = owners(registered, directory, vault)
        ids = None
        if keys is not None:
            found = (people[key] for key in keys if key in people)
            ids = {account.account_id for one in found for account in one.accounts}
        left = versions.departed(session, run.as_of, ids)
        known = _findings(session, policy, run, ids, left)
        return Night(
            date=today,
            as_of=run.as_of,
            baseline=run.baseline,
            previous=before,
            policy=policy,
            accounts=registered,
            owners=people,
            ownerless=frozenset(one.account_id for one in without_owner(registered, directory)),
            fetched=runs.fetched(session, night),
            acknowledged=frozenset(registry.acknowledged(session, today)),
            covered=_covered(session, policy, night),
            findings=tuple(
                one
                for one in known
                if one.finding.subject.account_id in here
                and (one.state is not State.RESOLVED or one.standing.changed_tonight)
            ),
            evidence=tuple(one for one in known if one.evidence),
            lives=lives(session, night),
            gone=tuple(one for one in left.values() if one.gone_at == run.as_of),
            history=_history(session, policy, earlier[-HISTORY:], ids),
            notices=notices.read(session, night),
            precision=_precision(session, run.as_of),
        )


def _words(policy: Policy) -> dict[str, CheckWords]:
    return {
        one.check.id: CheckWords(
            check_id=one.check.id,
            code=one.check.code,
            clause=one.check.clause,
            title=one.check.title,
            remedy=one.check.remedy,
            excerpt=one.check.excerpt,
        )
        for one in policy.checks
        if not one.shadow
    }


def _covered(session: Session, policy: Policy, night: str) -> tuple[Covered, ...]:
    bound = {one.check.id for one in policy.checks}
    rows = runs.covered(session, night)
    return tuple(
        Covered(**{name: row[name] for name in Covered.__slots__})
        for row in rows
        if row["check_id"] in bound
    )


def _findings(
    session: Session,
    policy: Policy,
    run: Run,
    ids: Collection[str] | None,
    left: Mapping[Key, Departed],
) -> tuple[FindingTonight, ...]:
    """Return what is open, what ended tonight, and what is evidence."""
    words = _words(policy)
    known = findings.read(session, accounts=ids)
    seen = _by_fingerprint(findings.sightings(session, until=run.night, accounts=ids))
    reviews = _group(findings.reviews(session, until=run.as_of))
    today = dt.date.fromisoformat(run.night)
    found = []
    for fingerprint, finding in known.items():
        stands = standing(seen[fingerprint], reviews[fingerprint], run.night, today)
        if stands is None or finding.check_id not in words:
            continue
        evidence = unseen(finding, stands, reviews[fingerprint])
        if stands.state is State.RESOLVED and not (stands.changed_tonight or evidence):
            continue
        found.append(
            FindingTonight(
                finding=finding,
                standing=stands,
                words=words[finding.check_id],
                item=_item(session, finding, run.as_of),
                ending=ending(session, finding, stands, left, run.as_of, policy.zone),
                evidence=evidence,
            )
        )
    return tuple(found)


def _precision(session: Session, as_of: dt.datetime) -> dict[str, tuple[int, int]]:
    """Count, for each check, the findings that people confirmed or called false."""
    verdicts = {
        one.fingerprint: one.decision is Decision.CONFIRM
        for one in findings.reviews(session, until=as_of)
        if one.decision in (Decision.CONFIRM, Decision.FALSE_POSITIVE)
    }
    known = findings.read(session, list(verdicts)) if verdicts else {}
    checks = {key: one.check_id for key, one in known.items()}
    found: dict[str, tuple[int, int]] = {}
    for fingerprint, right in verdicts.items():
        if fingerprint in checks:
            agreed, decided = found.get(checks[fingerprint], (0, 0))
            found[checks[fingerprint]] = (agreed + right, decided + 1)
    return found


def _item(session: Session, finding: Finding, as_of: dt.datetime) -> Item | None:
    """The account's own item; one of the public's is never read for a report."""
    level = finding.subject.level
    if level not in ITEM_LEVELS or level is Level.COMMENT:
        return None
    found = items.one(session, finding.subject.account_id, finding.subject.subject_id, as_of)
    return found if found is not None and found.kind.own else None


def _history(
    session: Session, policy: Policy, nights: Sequence[Run], ids: Collection[str] | None
) -> tuple[Point, ...]:
    words = _words(policy)
    known = {
        fingerprint: finding
        for fingerprint, finding in findings.read(session, accounts=ids).items()
        if finding.check_id in words and finding.kind is not Kind.WEAK
    }
    seen = _by_fingerprint(findings.sightings(session, accounts=ids))
    everything = findings.reviews(session)
    points = []
    for run in nights:
        night, today = run.night, dt.date.fromisoformat(run.night)
        reviews = _group(one for one in everything if one.decided_at <= run.as_of)
        still: dict[str, int] = defaultdict(int)
        for fingerprint, finding in known.items():
            stands = standing(seen[fingerprint], reviews[fingerprint], night, today)
            if stands is not None and stands.state.open:
                still[finding.subject.account_id] += 1
        reads = runs.fetched(session, night)
        read = frozenset(one.account_id for one in reads if one.gap is None or one.gap.partial)
        points.append(Point(date=today, read=read, open=dict(still)))
    return tuple(points)


def _by_fingerprint(rows: Iterable[Sighting]) -> defaultdict[str, list[Sighting]]:
    found: defaultdict[str, list[Sighting]] = defaultdict(list)
    for row in rows:
        found[row.fingerprint].append(row)
    return found


def _group(reviews: Iterable[Review]) -> defaultdict[str, list[Review]]:
    found: defaultdict[str, list[Review]] = defaultdict(list)
    for one in reviews:
        found[one.fingerprint].append(one)
    return found
