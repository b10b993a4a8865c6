"""Commands about the registry of official accounts and the lists beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit import shell
from audit.shell import Json

app = shell.make_app("The registry of official accounts and the lists beside it.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or TOML.")]


@app.command("import")
def import_registry(file: File, json: Json = False) -> None:
    """Make a CSV, XLSX or TOML file the registry; nothing changes unless all of it is right."""
    from audit import registry
    from audit.jobs.registry import take_over

    found = registry.read(file)
    with shell.installation() as opened:
        done = take_over(opened, found)
    if json:
        shell.emit(done)
    else:
        shell.tell(
            f"{file}: {len(done.added)} added, {len(done.changed)} changed, "
            f"{len(done.removed)} removed"
        )


@app.command("validate")
def validate_registry(file: File) -> None:
    """Check a registry file and change nothing."""
    from audit import registry

    shell.tell(f"{file}: {len(registry.read(file))} accounts, nothing wrong")


@app.command("show")
def show_registry(json: Json = False) -> None:
    """List the registered accounts."""
    from audit.store import accounts

    with shell.installation() as opened, opened.store.read() as session:
        rows = accounts.registered(session)
    if json:
        shell.emit(rows)
    else:
        shell.table(
            ("account", "platform", "handle", "unit", "owners"),
            [
                (one.account_id, one.platform, one.handle, one.unit, len(one.owners) or "none")
                for one in rows
            ],
        )


@app.command("history")
def registry_history(
    account: Annotated[
        str | None, typer.Argument(metavar="ACCOUNT", help="The id of one account.")
    ] = None,
    json: Json = False,
) -> None:
    """Show what became of accounts, in the registry and on their platforms, and when."""
    from audit.jobs.registry import history

    with shell.installation() as opened:
        rows = history(opened, account)
    if json:
        shell.emit(rows)
    else:
        shell.table(
            ("when", "account", "where", "change"),
            [(one["changed_at"], one["account_id"], one["where"], one["change"]) for one in rows],
        )


@app.command("confirm")
def confirm_account(
    account: Annotated[str, typer.Argument(help="The account's id.")],
    by: Annotated[str, typer.Option("--by", help="Who knows that it is yours.")],
    reason: Annotated[str, typer.Option("--reason")],
) -> None:
    """Record that the account that has the registered name now is yours.

    After it was made anew: until then the audit takes it for somebody else's and does not read
    it.
    """
    from audit.jobs.registry import confirm

    with shell.installation() as opened:
        confirm(opened, account, by=by, reason=reason)
    shell.tell(f"{account}: noted; the next night reads the account under its registered name")


@app.command("import-register")
def import_register(file: File) -> None:
    """Take over one of the lists beside the registry, such as directory.csv."""
    from audit import registers
    from audit.jobs.registry import take_over_register

    found = registers.read(file)
    with shell.installation() as opened:
        take_over_register(opened, found)
    shell.tell(f"{file}: {len(found.rows)} rows as of {found.as_of.isoformat()}")


@app.command("acknowledge-gap")
def acknowledge_gap(
    account: Annotated[str, typer.Argument(help="The account's id.")],
    facet: Annotated[str, typer.Argument(help="profile, posts or comments")],
    kind: Annotated[str, typer.Argument(help="denied, not_found, rate_limited, broken or budget")],
    by: Annotated[str, typer.Option("--by", help="Who accepts it.")],
    reason: Annotated[str, typer.Option("--reason")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day.")],
) -> None:
    """Record that a person knows of a gap, so that it no longer fails the night."""
    from audit.jobs.registry import acknowledge

    with shell.installation() as opened:
        acknowledge(
            opened,
            account_id=account,
            facet=facet,
            gap_kind=kind,
            by=by,
            reason=reason,
            until=until,
        )
    shell.tell(f"{account}: {facet} {kind}: noted until {until}; it no longer fails the night")
