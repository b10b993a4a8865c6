"""Examines an installation; tokens that have ended are renewed, else nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NotRequired, TypedDict

from sqlalchemy.exc import SQLAlchemyError

from audit import catalogue, policy, registers
from audit.errors import AuditError, IncompleteRun, StoreError, suggest
from audit.installation import Installation
from audit.jobs.bench import lay_out
from audit.jobs.probe import Seen, try_credentials
from audit.jobs.verify import verify
from audit.model.account import Account
from audit.owners import without_owner
from audit.settings import Settings
from audit.store import accounts, migrate, outbox, runs
from audit.store.database import connect, open_store, unusable
from audit.store.outbox import MailState
from audit.store.runs import Run


class Finding(TypedDict):
    """One thing that was looked at; ``state`` is ``well``, ``note`` or ``wrong``."""

    what: str
    state: str
    detail: str
    works: NotRequired[bool | None]
    """Of credentials, as in ``audit.jobs.probe.Seen``, like all below."""
    missing_scopes: NotRequired[list[str] | None]
    expires_at: NotRequired[dt.datetime | None]


def migrate_now(settings: Settings) -> str:
    """Bring the database to this version's schema; done twice, the second time does nothing.

    Raises:
        StoreError: it cannot be reached, or is newer than this code.
    """
    engine = connect(settings)
    try:
        with engine.connect() as connection:
            before = migrate.current(connection)
        if before == migrate.head():
            return f"database: already at schema {before}"
        if migrate.newer(before):
            raise StoreError(migrate.explain(before))
        migrate.upgrade(engine)
    except SQLAlchemyError as error:
        raise unusable(settings, error) from None
    finally:
        engine.dispose()
    return f"database: schema {before or 'none'} -> {migrate.head()}"


def examine(settings: Settings) -> list[Finding]:
    """Look at policy, registers, database, registry, last night, mail and credentials."""
    found = [
        _look("policy", lambda: _policy(settings)),
        _look("registers", lambda: _registers(settings)),
        _mail_settings(settings),
    ]
    try:
        bound = policy.load(settings.policy, catalogue.checks(), catalogue.ceilings())
    except AuditError:
        return found  # told already; without a policy nothing can be opened
    try:
        store = open_store(settings)
    except AuditError as error:
        return [*found, Finding(what="database", state="wrong", detail=str(error))]
    try:
        installation = Installation(settings, bound, store)
        found.append(Finding(what="database", state="well", detail=f"schema {migrate.head()}"))
        return [*found, *_contents(installation)]
    finally:
        store.close()


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, state="well", detail=look())
    except AuditError as error:
        return Finding(what=what, state="wrong", detail=str(error))


def _policy(settings: Settings) -> str:
    bound = policy.load(settings.policy, catalogue.checks(), catalogue.ceilings())
    return f"{bound.version}, {len(bound.checks)} checks"


def _registers(settings: Settings) -> str:
    if settings.registers is None:
        return "AUDIT_REGISTERS is not set; lists are imported by hand"
    return ", ".join(
        f"{one.name} as of {one.as_of.isoformat()}"
        for one in registers.read_folder(settings.registers)
    )


def _mail_settings(settings: Settings) -> Finding:
    if not settings.send:
        return Finding(
            what="mail", state="note", detail="AUDIT_SEND is off: mail goes to files only"
        )
    if settings.smtp_host is None:
        return Finding(
            what="mail", state="wrong", detail="AUDIT_SEND is on without AUDIT_SMTP_HOST"
        )
    return Finding(what="mail", state="well", detail=f"{settings.smtp_host}:{settings.smtp_port}")


def _contents(installation: Installation) -> list[Finding]:
    with installation.store.read() as session:
        registered = accounts.registered(session)
        run = runs.newest(session)
        waiting = outbox.read(session, [MailState.HELD, MailState.SENDING, MailState.FAILED])
        bench = lay_out(installation, session, run) if run else None
    found = [
        Finding(what="registry", state="well", detail=f"{len(registered)} accounts")
        if registered
        else Finding(
            what="registry",
            state="wrong",
            detail="empty; begin with: account-audit registry import FILE",
        )
    ]
    lost = without_owner(registered, bench.directory if bench else None)
    if lost:
        names = ", ".join(one.account_id for one in lost)
        found.append(Finding(what="owners", state="note", detail=f"nobody answers for {names}"))
    if bench is not None and run is not None:
        found += [
            Finding(what="register", state="note", detail=why) for why in bench.missing.values()
        ]
        found.append(_last_night(installation, run))
    for state in (MailState.HELD, MailState.SENDING, MailState.FAILED):
        number = sum(mail.state is state for mail in waiting)
        if number:
            found.append(Finding(what="outbox", state="note", detail=f"{number} {_WAITING[state]}"))
    return [*found, *_apps(installation.settings), *_credentials(installation, registered)]


def _last_night(installation: Installation, run: Run) -> Finding:
    age = dt.datetime.now(dt.UTC) - run.as_of
    late = age > dt.timedelta(days=2) and installation.settings.recordings is None
    said = f"{run.night}, {'judged to the end' if run.closed else 'not finished'}"
    lacking = ""
    if run.closed:
        try:
            verify(installation, run)
        except IncompleteRun as error:
            _, *reasons = str(error).splitlines()
            more = f"; and {len(reasons) - 1} more" if len(reasons) > 1 else ""
            lacking = f", but incomplete: {reasons[-1]}{more}"
    state = "note" if late or lacking or not run.closed else "well"
    return Finding(what="last night", state=state, detail=said + lacking)


def _apps(settings: Settings) -> list[Finding]:
    """Complain of apps that are of no platform, or of one that wants none."""
    wanting = {one.name for one in catalogue.platforms().values() if one.access}
    return [
        Finding(
            what="apps",
            state="wrong",
            detail=f"AUDIT_OAUTH_CLIENTS names {name!r}, and no platform of that name wants a "
            f"credential{suggest(name, wanting)}",
        )
        for name in sorted(settings.oauth_clients.keys() - wanting)
    ]


def _credentials(installation: Installation, registered: Sequence[Account]) -> list[Finding]:
    try:
        return [_credential(one) for one in try_credentials(installation, registered)]
    except AuditError as error:
        return [Finding(what="credentials", state="wrong", detail=str(error))]


def _credential(seen: Seen) -> Finding:
    missing = seen.missing_scopes
    return Finding(
        what=f"credential {seen.subject}",
        state=seen.state,
        detail=seen.detail,
        works=seen.works,
        missing_scopes=None if missing is None else list(missing),
        expires_at=seen.expires_at,
    )


_WAITING = {
    MailState.HELD: "held for release: account-audit mail release",
    MailState.SENDING: "of unknown fate after a crash: account-audit mail list",
    MailState.FAILED: "refused by the mail server: account-audit mail list",
}
