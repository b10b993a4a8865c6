"""The whole command: what ``audit.cli`` offers, and the commands that report."""

from __future__ import annotations

from typing import Annotated

import typer

from audit import cli, shell
from audit.shell import AsOf, Json

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
Key = Annotated[str, typer.Argument(metavar="KEY", help="As `mail list` shows it.")]


@app.command()
def report(as_of: AsOf = None, json: Json = False) -> None:
    """Write the mails of a night that is judged into the outbox; nothing is sent.

    Without --as-of, the newest night. Called again, it adds nothing.
    """
    from reports.jobs.digest import digest
    from reports.jobs.night import chosen
    from reports.jobs.owner import owner_report

    with shell.installation() as opened:
        run = chosen(opened, as_of)
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
def send(as_of: AsOf = None, send: Send = None, json: Json = False) -> None:
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
def trends(as_of: AsOf = None, json: Json = False) -> None:
    """Draw the trends page from all nights, with its figures as CSV files."""
    from reports.jobs.night import chosen
    from reports.jobs.trends import trends as run_trends

    with shell.installation() as opened:
        done = run_trends(opened, chosen(opened, as_of))
    if json:
        shell.emit(done)
    else:
        shell.tell(f"{done['nights']} nights drawn: {done['page']}")


@mail_app.command("list")
def list_mails(night: Night = None, json: Json = False) -> None:
    """List the mails that wait, or whose sending went wrong; with --night, all of that night.

    No address and no word of a mail is shown.
    """
    from reports.jobs.mails import listing

    with shell.installation() as opened:
        rows = listing(opened, night)
    if json:
        shell.emit(rows)
    else:
        names = ("night", "kind", "state", "critical", "label", "key", "error")
        shell.table(names, [tuple(row[name] for name in names) for row in rows])


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
    from reports.jobs.mails import release

    with shell.installation() as opened:
        number = release(opened, night)
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
    """Say what became of a mail whose sender died before it could note it."""
    from reports.jobs.mails import settle

    with shell.installation() as opened:
        settle(opened, key, arrived=sent)
    shell.tell(f"{key}: {'noted as sent' if sent else 'queued again'}")
