"""Collects what the operators should know of a night, apart from what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from audit.installation import Installation
from audit.model.notice import Notice, NoticeKind
from audit.store import notices, outbox
from audit.store.database import Session
from audit.store.outbox import MailState
from audit.store.runs import Run

STUCK = {
    MailState.FAILED: "refused by the mail server: account-audit mail list, then mail settle",
    MailState.SENDING: "of unknown fate, since their sender died: account-audit mail list, "
    "then mail settle",
}
LONGEST_SENDING = dt.timedelta(hours=1)
"""A mail that has been with a sender for longer has lost it."""


def collect(installation: Installation, run: Run) -> tuple[Notice, ...]:
    """Write down what the night has to tell the operators; a back-fill has nothing to tell."""
    if run.backfill:
        return ()
    with installation.store.write() as session:
        found = list(_mails(session))
        return notices.save(session, run.night, found)


def _mails(session: Session) -> Iterator[Notice]:
    """Tell of mails that did not go out in earlier nights."""
    numbers = outbox.stuck(session, dt.datetime.now(dt.UTC) - LONGEST_SENDING)
    for state, number in sorted(numbers.items()):
        said = "1 mail" if number == 1 else f"{number} mails"
        yield Notice(kind=NoticeKind.MAIL, subject=state.value, detail=f"{said} {STUCK[state]}")
