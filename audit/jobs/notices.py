"""Collects what the operators should know of a night, apart from what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from audit.installation import Installation
from audit.jobs.credentials import ending
from audit.jobs.forecast import forecast
from audit.metering import amount_words
from audit.model.item import GapKind
from audit.model.notice import Notice, NoticeKind
from audit.store import accounts, credentials, notices, outbox, runs
from audit.store.database import Session
from audit.store.outbox import MailState
from audit.store.runs import Run

STUCK = {
    MailState.FAILED: "refused by the mail server: account-audit mail list, then mail settle",
    MailState.SENDING: "of unknown fate, since their sender died: account-audit mail list, "
    "then mail settle",
}
OVER = ("lost", "ended")
"""Kinds of ``audit.jobs.credentials.Ending`` after which nothing is read any more."""
LONGEST_SENDING = dt.timedelta(hours=1)
"""A mail that has been with a sender for longer has lost it."""


def collect(installation: Installation, run: Run) -> tuple[Notice, ...]:
    """Write down what the night has to tell the operators; a back-fill has nothing to tell."""
    if run.backfill:
        return ()
    at = run.as_of if installation.settings.recordings else dt.datetime.now(dt.UTC)
    ahead = list(coming(installation, at))
    with installation.store.write() as session:
        stopped = list(_stopped(session, run))
        told = {one.subject for one in stopped}
        found = [
            *_credentials(session, at),
            *stopped,
            *(one for one in ahead if one.subject not in told),
            *_mails(session),
        ]
        return notices.save(session, run.night, found)


def _credentials(session: Session, at: dt.datetime) -> Iterator[Notice]:
    """Tell of credentials that end soon or are lost, and of renewals that came to nothing."""
    for one in ending(credentials.standings(session), at):
        subject = f"{one.platform} {one.account_id}".strip()
        detail = one.detail.partition(": ")[2]  # the subject names the platform already
        kind = NoticeKind.CREDENTIAL if one.kind in OVER else NoticeKind.ENDING
        yield Notice(kind=kind, subject=subject, detail=detail)


def _stopped(session: Session, run: Run) -> Iterator[Notice]:
    """Tell of platforms, or accounts, whose reading a limit has stopped this night."""
    platforms = {one.account_id: one.platform for one in accounts.registered(session)}
    stopped: dict[str, str] = {}
    for one in runs.fetched(session, run.night):
        if one.gap and one.gap.kind is GapKind.BUDGET and one.account_id in platforms:
            stopped.setdefault(platforms[one.account_id], one.gap.reason)
    for platform, reason in sorted(stopped.items()):
        yield Notice(kind=NoticeKind.LIMIT, subject=platform, detail=reason)


def coming(installation: Installation, at: dt.datetime) -> Iterator[Notice]:
    """Tell, after a night, of months whose limit the nights to come will use up too early."""
    for platform in forecast(installation, at, over=True):
        for limit in platform.limits:
            # A forecast from assumptions is for somebody who asks, not for a mail.
            if platform.measured and limit.by_end > 1 and limit.share < limit.by_end:
                used = amount_words(limit.unit, limit.used)
                yield Notice(
                    kind=NoticeKind.FORECAST,
                    subject=platform.platform,
                    detail=f"{used} of {amount_words(limit.unit, limit.amount)} are used, and with "
                    f"nights like this one the rest does not last until {limit.ends:%Y-%m-%d}; "
                    f"raise {limit.key} in the policy, or reading stops before",
                )


def _mails(session: Session) -> Iterator[Notice]:
    """Tell of mails that did not go out in earlier nights."""
    numbers = outbox.stuck(session, dt.datetime.now(dt.UTC) - LONGEST_SENDING)
    for state, number in sorted(numbers.items()):
        said = "1 mail" if number == 1 else f"{number} mails"
        yield Notice(kind=NoticeKind.MAIL, subject=state.value, detail=f"{said} {STUCK[state]}")
