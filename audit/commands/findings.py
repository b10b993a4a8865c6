"""Commands about single findings."""

from __future__ import annotations

from typing import Annotated

import typer

from audit import shell
from audit.shell import Json

app = shell.make_app("Single findings: what happened to them, and that somebody has looked.")

Reference = Annotated[str, typer.Argument(metavar="FINDING", help="As mails quote it: F-1a2b3c4d.")]


@app.command("show")
def show_finding(finding: Reference, json: Json = False) -> None:
    """Show the nights of a finding, the wordings of its item, and when that was removed.

    No word of what was published is shown.
    """
    from audit.jobs.finding import detail

    with shell.installation() as opened:
        found = detail(opened, finding)
    if json:
        shell.emit(found)
        return
    shell.tell(f"{found['code']} {found['check']}, {found['account']}, {found['level']}")
    rows = [(one["night"], one["sight"]) for one in found["nights"]]
    rows += [
        (
            one["first_seen"],
            f"wording {one['number']}"
            + (f", edited {one['edited_at']}" if one["edited_at"] else ""),
        )
        for one in found["versions"]
    ]
    if found["removed"]:
        rows.append((found["removed"]["noticed_at"], f"removed: {found['removed']['reason']}"))
    rows += [(one["decided_at"], one["decision"]) for one in found["decisions"]]
    shell.table(("when", "what"), sorted(rows))


@app.command("acknowledge")
def acknowledge_finding(
    finding: Reference,
    by: Annotated[str, typer.Option("--by", help="Who has looked at it.")],
    reason: Annotated[str, typer.Option("--reason")],
) -> None:
    """Record that a person has looked at a finding.

    A critical one whose item was removed is listed in each digest until then.
    """
    from audit.jobs.finding import acknowledge

    with shell.installation() as opened:
        key = acknowledge(opened, finding, by=by, reason=reason)
    shell.tell(f"F-{key[:8]}: noted")
