"""Two people or more can log in, and those who answer for the account still work here.

Measures:
    Administrators, owners and mailbox on file against the staff directory.
Cannot tell:
    Who really holds the role on the platform.
Fails:
    One administrator
    Two administrators, both gone from the directory
Passes:
    Two employees as administrators, a department mailbox
Source:
    BP10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.checks.base import Check, Context, StaffMember
from audit.checks.phrases import belongs
from audit.model.account import Account
from audit.model.item import Facet
from audit.model.verdict import PASSED, Hit, Kind, Level, Severity, Verdict


@dataclass(frozen=True)
class Params:
    """What can be tuned."""

    min_administrators: int = 2
    min_employees: int = 1
    """Administrators who are current employees, not students or contractors."""


def judge(accounts: Sequence[Account], params: Params, ctx: Context) -> Mapping[str, Verdict]:
    """Return a verdict for each account."""
    if ctx.directory is None:
        unknown = Verdict(not_assessed="the staff directory is absent or stale")
        return {account.account_id: unknown for account in accounts}
    verdicts = {}
    for account in accounts:
        hits = tuple(_hits(account, params, ctx.directory, ctx.institution.domains))
        verdicts[account.account_id] = Verdict(hits=hits) if hits else PASSED
    return verdicts


def _hits(
    account: Account, params: Params, directory: Mapping[str, StaffMember], domains: Sequence[str]
) -> Iterator[Hit]:
    people = {address: directory.get(address.lower()) for address in account.administrators}
    here = {address for address, one in people.items() if one is not None and one.active}
    employees = [address for address in here if (one := people[address]) and one.employee]
    if len(employees) < params.min_employees:
        message = f"{len(employees)} of {len(people)} administrators on file are current employees."
        yield Hit(message=message, anchor="employees")
    if len(set(people)) < params.min_administrators:
        message = (
            f"{len(people)} administrators on file; there should be {params.min_administrators}."
        )
        yield Hit(message=message, anchor="count", severity=Severity.MEDIUM)
    gone = len(people) - len(here)
    if gone and employees:
        message = f"{gone} of {len(people)} administrators on file are not in the directory."
        yield Hit(message=message, anchor="gone", severity=Severity.MEDIUM)
    owners = [directory.get(address.lower()) for address in account.owners]
    if not any(one is not None and one.active for one in owners):
        message = "No owner on file is in the directory."
        yield Hit(message=message, anchor="owner", severity=Severity.MEDIUM)
    if account.mailbox is not None and not _departmental(account.mailbox, directory, domains):
        message = "The mailbox on file is a person's or an outside one."
        yield Hit(message=message, anchor="mailbox", severity=Severity.MEDIUM)


def _departmental(
    mailbox: str, directory: Mapping[str, StaffMember], domains: Sequence[str]
) -> bool:
    return mailbox.lower() not in directory and belongs(mailbox.rpartition("@")[2], domains)


CHECK = Check(
    id="account-administrators",
    code="BP10.9",
    clause="BP10",
    title="The people on file cannot be relied on to run the account",
    levels=(Level.REGISTRY,),
    kind=Kind.DIRECT,
    severity=Severity.HIGH,
    remedy="Add a second administrator who is an employee this week, and take out those who left.",
    judge=judge,
    params=Params,
    needs=frozenset({Facet.DIRECTORY}),
)
