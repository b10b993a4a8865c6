"""The whole command: what ``audit.cli`` offers, and the commands that report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from audit import cli, shell
from audit.model.finding import State
from audit.model.verdict import Severity
from audit.shell import AsOf, Json, Known

app = cli.app
mail_app = shell.make_app("Mails in the outbox: look at them, release them, settle them.")
app.add_typer(mail_app, name="mail")

Send = Annotated[
    bool | None,
    typer.Option("--send/--no-send", help="Really send, or only write files. Default: AUDIT_SEND."),
]
Night = Annotated[
    str | None, typer.Option("--night", metavar="DATE", help="Of one night. Default: of all.")
]
Registry = Annotated[
    Path | None,
    typer.Option("--registry", metavar="FILE", help="Import this registry first."),
]
FailOn = Annotated[
    Severity | None,
    typer.Option("--fail-on", help="End with 1 when something open is at least as grave."),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="As `mail list` shows it.")]


@app.command()
def run(
    registry: Registry = None,
    as_of: AsOf = None,
    send: Send = None,
    fail_on: FailOn = None,
    json: Json = False,
) -> None:
    """Audit one night from beginning to end, without Airflow.

    Exit code 1 when something open is as grave as --fail-on, 3 when not everything could be
    seen or sent. Called again for the same night, it adds no finding and no mail.
    """
    from audit import registry as files
    from audit.jobs.findings import listing
    from audit.jobs.registry import take_over
    from reports.jobs.run import run_night

    accounts = files.read(registry) if registry else None
    with shell.installation(send=send) as opened:
        if accounts is not None:
            take_over(opened, accounts)
        with shell.progress("Auditing", quiet=json) as (begin, step):
            done = run_night(opened, as_of, begin=begin, tell=lambda one: step(one.account_id))
        found = listing(opened, done.run)
        folder = opened.settings.home
    if json:
        shell.emit(found)
    else:
        _summarise(done.run.night, found, folder)
    if done.problem is not None:
        raise done.problem
    ranks = [Severity(one["severity"]).rank for one in found if State(one["state"]).open]
    if fail_on is not None and min(ranks, default=len(Severity)) <= fail_on.rank:
        raise typer.Exit(shell.FOUND)


@app.command()
def report(as_of: Known = None, json: Json = False) -> None:
    """Write the mails of a night that is judged into the outbox; nothing is sent.

    Called again, it adds nothing.
    """
    from reports.jobs.digest import digest
    from reports.jobs.night import judged
    from reports.jobs.owner import owner_report

    with shell.installation() as opened:
        run = judged(opened, as_of)
        owners = owner_report(opened, run)
        relations = digest(opened, run)
    done = {"night": run.night, "owners": owners, "relations": relations}
    if json:
        shell.emit(done)
    else:
        shell.tell(
            f"night {run.night}: {owners['written']} mails to owners written, "
            f"{owners['known']} were there, {owners['silent']} owners have nothing to hear; "
            f"{relations['written']} digest written, {relations['known']} there"
        )


@app.command()
def send(as_of: Known = None, send: Send = None, json: Json = False) -> None:
    """Empty the outbox: into files, or into the mail server when sending is switched on.

    Exit code 3 when a mail was refused or its fate is not known, 2 when one has to wait.
    """
    from reports.jobs.night import chosen
    from reports.jobs.send import send as run_send

    with shell.installation(send=send) as opened:
        counts = run_send(opened, chosen(opened, as_of))
        folder = opened.settings.home / "mail"
    if json:
        shell.emit(counts)
    else:
        said = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
        shell.tell(said or "nothing to send")
        if counts["written"]:
            shell.tell(f"sending is off (AUDIT_SEND); the files are in {folder}")


@app.command()
def trends(as_of: Known = None, json: Json = False) -> None:
    """Draw the trends page from all nights, with its figures as CSV files."""
    from reports.jobs.night import chosen
    from reports.jobs.trends import trends as run_trends

    with shell.installation() as opened:
        done = run_trends(opened, chosen(opened, as_of))
    if json:
        shell.emit(done)
    else:
        nights = "1 night" if done["nights"] == 1 else f"{done['nights']} nights"
        shell.tell(f"{nights} drawn; open {done['page']}")


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; change nothing.")] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Delete what the policy's retention rules no longer let stand.

    Findings stay as they are, without their evidence. Called again, it deletes nothing more.
    """
    from reports.jobs.purge import purge as run_purge

    with shell.installation() as opened:
        done = run_purge(opened, as_of, dry_run=dry_run)
    if json:
        shell.emit(done)
        return
    names = ("account_id", "platform", *done["totals"])
    if done["accounts"]:
        shell.table(names, [tuple(row[name] for name in names) for row in done["accounts"]])
    word = "would be deleted" if dry_run else "deleted"
    said = ", ".join(f"{number} {what}" for what, number in done["totals"].items() if number)
    shell.tell(
        f"{done['date']}: {word}: {said or 'nothing that was read'}; {done['mails']} texts of mails"
    )
    for note in done["notes"]:
        shell.tell(f"note: {note}")


@mail_app.command("list")
def list_mails(night: Night = None, json: Json = False) -> None:
    """List the mails that wait, or whose sending went wrong; with --night, all of that night.

    No address and no word of a mail is shown.
    """
    from audit.clock import date_of
    from reports.jobs.mails import listing

    with shell.installation() as opened:
        rows = listing(opened, night and date_of(night))
    if json:
        shell.emit(rows)
    else:
        shell.table(
            ("state", "critical", "label", "key", "error"),
            [
                (
                    row["state"],
                    "yes" if row["critical"] else None,
                    row["label"],
                    row["key"],
                    row["error"],
                )
                for row in rows
            ],
        )


@mail_app.command("show")
def show_mail(key: Key) -> None:
    """Print one mail as its reader would see it, in plain text."""
    from reports.jobs.mails import show

    with shell.installation() as opened:
        typer.echo(show(opened, key))


@mail_app.command("release")
def release_mails(night: Night = None, json: Json = False) -> None:
    """Let held mails go; the next `send` takes them.

    Mails to owners are held on the first night of an installation, because what it finds was
    there before and nobody expects a mail.
    """
    from audit.clock import date_of
    from reports.jobs.mails import release

    with shell.installation() as opened:
        number = release(opened, night and date_of(night))
    if json:
        shell.emit({"released": number})
    else:
        shell.tell(f"{number} mails released; `account-audit send` takes them")


@mail_app.command("settle")
def settle_mail(
    key: Key,
    sent: Annotated[
        bool,
        typer.Option("--sent/--again", help="It did arrive, or it did not and is to be sent."),
    ],
) -> None:
    """Say what became of a mail whose sender died, or send a refused one once more."""
    from reports.jobs.mails import settle

    with shell.installation() as opened:
        settle(opened, key, arrived=sent)
    shell.tell(f"{key}: {'noted as sent' if sent else 'queued again'}")


def _summarise(night: str, found: list[dict[str, Any]], home: Path) -> None:
    from audit.jobs.findings import current

    states = Counter(one["state"] for one in current(found))
    said = ", ".join(
        f"{states[state]} {state.replace('_', ' ')}" for state in State if states[state]
    )
    shell.tell(f"night {night}: {said or 'nothing found'}")
    shell.tell(f"mails: {home / 'mail'}; trends: account-audit trends")
