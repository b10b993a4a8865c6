"""Commands that gather and judge; ``reports.cli`` adds those that report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit import shell
from audit.commands import credentials, findings, registry, texts
from audit.shell import AsOf, Json

app = shell.make_app("Audit official social media accounts against the institution's guidelines.")
app.add_typer(texts.app)
app.add_typer(registry.app, name="registry")
app.add_typer(credentials.app, name="credentials")
app.add_typer(findings.app, name="findings")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recorded responses.")]


@app.command()
def fetch(
    as_of: AsOf = None,
    forecast_only: Annotated[
        bool,
        typer.Option("--plan", help="Only say what tonight will take: calls, quota, price."),
    ] = False,
    json: Json = False,
) -> None:
    """Read every registered account for a night, and keep what is new or edited.

    With --plan nothing is asked and nothing is written.
    """
    if forecast_only:
        _forecast(as_of, json=json)
        return
    from audit.client import Client
    from audit.jobs.fetch import fetch_account
    from audit.jobs.plan import plan
    from audit.store.runs import Fetched

    with shell.installation() as opened:
        planned = plan(opened, as_of)
        rows: list[Fetched] = []
        for shard in planned.shards:
            with Client(opened.settings, as_of=planned.run.date) as client:
                for account_id in shard["accounts"]:
                    rows += fetch_account(opened, planned.run, account_id, client)
        if json:
            shell.emit(rows)
        else:
            shell.table(
                ("account", "facet", "items", "gap"),
                [
                    (one.account_id, one.facet, one.items, one.gap.reason if one.gap else None)
                    for one in rows
                ],
            )


def _forecast(as_of: str | None, *, json: bool) -> None:
    from audit.commands.forecast import show
    from audit.errors import ConfigError
    from audit.jobs.forecast import forecast

    if as_of is not None:
        raise ConfigError("--plan: tells of tonight only; leave out --as-of")
    with shell.installation() as opened:
        show(forecast(opened), json=json)


@app.command()
def check(as_of: AsOf = None, json: Json = False) -> None:
    """Judge what a night has read; nothing is fetched."""
    from audit.jobs.bench import lay_out
    from audit.jobs.check import check_account
    from audit.jobs.findings import current, listing
    from audit.jobs.plan import plan
    from audit.jobs.reconcile import reconcile

    with shell.installation() as opened:
        planned = plan(opened, as_of)
        with opened.store.read() as session:
            bench = lay_out(opened, session, planned.run)
        for shard in planned.shards:
            for account_id in shard["accounts"]:
                check_account(opened, planned.run, account_id, bench)
        reconcile(opened, planned.run)
        found = listing(opened, planned.run)
    if json:
        shell.emit(found)
    else:
        shown = current(found)
        shell.table(
            ("finding", "code", "state", "severity", "account", "level", "what"),
            [
                (
                    f"F-{one['fingerprint'][:8]}",
                    one["code"],
                    one["state"],
                    one["severity"],
                    one["account"],
                    one["level"],
                    one["message"],
                )
                for one in shown
            ],
        )
        if len(shown) < len(found):
            shell.tell(f"{len(found) - len(shown)} resolved earlier; --json lists them as well")


@app.command()
def replay(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM")],
    files: Files,
    json: Json = False,
) -> None:
    """Map recorded responses to common records, without network or key."""
    from audit.jobs.replay import replay as run_replay

    unread: list[str] = []
    for line in run_replay(platform, files, unread.append):
        if json:
            shell.emit_lines([line])
        else:
            shell.emit(line)
    for message in unread:
        shell.tell(f"error: {message}")
    if unread:
        raise typer.Exit(shell.WRONG)


@app.command()
def doctor(
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring the database to this version's schema.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at the whole installation and say what is wrong with it.

    Credentials are tried: one call for each account whose platform wants one. Tokens that have
    ended are renewed as in a night; nothing else changes.
    """
    from audit.jobs.doctor import examine, migrate_now

    if migrate:
        shell.tell(migrate_now(shell.settings()))
    complaints = examine(shell.settings())
    if json:
        shell.emit(complaints)
    else:
        shell.table(
            ("what", "state", "detail"),
            [(one["what"], one["state"], one["detail"]) for one in complaints],
        )
    if any(one["state"] == "wrong" for one in complaints):
        raise typer.Exit(shell.WRONG)
