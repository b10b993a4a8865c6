"""Commands that gather and judge; ``reports.cli`` mounts them and adds those that report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit import shell
from audit.shell import AsOf, Json

app = shell.make_app("Audit official social media accounts against the institution's guidelines.")
checks_app = shell.make_app("The checks that exist.")
registry_app = shell.make_app("The registry of official accounts and the lists beside it.")
app.add_typer(checks_app, name="checks")
app.add_typer(registry_app, name="registry")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recorded responses.")]
File = Annotated[Path, typer.Argument(metavar="FILE")]
Cases = Annotated[
    str, typer.Argument(metavar="CASES.jsonl", help="A file, or - for standard input.")
]
Pack = Annotated[str | None, typer.Option("--policy", help="A pack's name or folder.")]


@app.command()
def fetch(as_of: AsOf = None, json: Json = False) -> None:
    """Read every registered account for a night, and keep what is new or edited."""
    from audit.client import Client
    from audit.jobs.fetch import fetch_account
    from audit.jobs.plan import plan
    from audit.store.runs import Fetched

    with shell.installation() as opened:
        planned = plan(opened, as_of)
        rows: list[Fetched] = []
        with Client(opened.settings, as_of=planned.run.date) as client:
            for shard in planned.shards:
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


@app.command()
def check(as_of: AsOf = None, json: Json = False) -> None:
    """Judge what a night has read; nothing is fetched."""
    from audit.jobs.check import check_account
    from audit.jobs.findings import listing
    from audit.jobs.plan import plan
    from audit.jobs.reconcile import reconcile

    with shell.installation() as opened:
        planned = plan(opened, as_of)
        for shard in planned.shards:
            for account_id in shard["accounts"]:
                check_account(opened, planned.run, account_id)
        reconcile(opened, planned.run)
        found = listing(opened, planned.run)
    if json:
        shell.emit(found)
    else:
        shell.table(
            ("code", "state", "severity", "account", "level", "what"),
            [
                (
                    one["code"],
                    one["state"],
                    one["severity"],
                    one["account"],
                    one["level"],
                    one["message"],
                )
                for one in found
            ],
        )


@app.command()
def judge(cases: Cases, json: Json = False, policy: Pack = None) -> None:
    """Judge texts from a file, one case a line; needs no database and no key."""
    from audit.jobs.judge import judge_lines, read_lines

    bad = False
    for line in judge_lines(read_lines(cases), shell.settings(policy=policy).policy):
        bad = bad or "error" in line
        if json:
            shell.emit_lines([line])
        elif "error" in line:
            shell.tell(f"{line['id']}: {line['error']}")
        else:
            shell.table(
                (line["id"], "", "", ""),
                [("", one["code"], one["severity"], one["message"]) for one in line["findings"]]
                or [("", "nothing found", "", "")],
            )
    if bad:
        raise typer.Exit(shell.WRONG)


@app.command()
def evaluate(
    cases: Cases,
    json: Json = False,
    failures: Annotated[bool, typer.Option("--failures", help="List missed and wrong.")] = False,
    policy: Pack = None,
) -> None:
    """Measure precision and recall of each check on labelled cases."""
    from audit.evaluate import evaluate_lines
    from audit.jobs.judge import read_lines

    report = evaluate_lines(read_lines(cases), shell.settings(policy=policy).policy)
    if json:
        shell.emit(report if failures else {k: v for k, v in report.items() if k != "failures"})
        return
    rows = [
        (code, one["tp"], one["fp"], one["fn"], _share(one["precision"]), _share(one["recall"]))
        for code, one in [*report["checks"].items(), ("all", report["micro"])]
    ]
    shell.table(("check", "tp", "fp", "fn", "precision", "recall"), rows)
    clean = report["clean"]
    typer.echo(f"blameless cases left alone: {clean['clean']} of {clean['cases']}")
    if failures:
        shell.table(
            ("case", "missed", "wrong"),
            [
                (one["id"], " ".join(one["missed"]), " ".join(one["wrong"]))
                for one in report["failures"]
            ],
        )


@app.command()
def draft(
    text: Annotated[str, typer.Argument(help="The words to be posted; - reads them.")],
    reply_to: Annotated[
        str | None, typer.Option("--reply-to", help="The message that it answers.")
    ] = None,
    spokesperson: Annotated[
        bool | None,
        typer.Option(help="Whether the account may speak for the institution."),
    ] = None,
    json: Json = False,
    policy: Pack = None,
) -> None:
    """Say what the audit would say, before it is posted; nothing is kept."""
    from audit.jobs.judge import judge_draft

    words = typer.get_text_stream("stdin").read() if text == "-" else text
    pack = shell.settings(policy=policy).policy
    found = judge_draft(words, pack, reply_to=reply_to, spokesperson=spokesperson)
    if json:
        shell.emit(found)
        return
    for one in found:
        typer.echo(f"{one['severity']}: {one['title']} ({one['code']})")
        typer.echo(f"  {one['message']}\n  {one['remedy']}")
        if one["suggestion"]:
            typer.echo(f"  Instead: {one['suggestion']}")
    if not found:
        typer.echo("Nothing found. Not everything can be checked from the words alone.")


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
    """Look at the whole installation and say what is wrong with it; changes nothing else."""
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


@checks_app.command("list")
def list_checks(json: Json = False, policy: Pack = None) -> None:
    """List the checks under a policy pack."""
    from audit.jobs.checks import describe

    rows = describe(shell.settings(policy=policy).policy)
    if json:
        shell.emit(rows)
    else:
        names = ("code", "id", "level", "kind", "severity", "title")
        shell.table(names, [tuple(row[name] for name in names) for row in rows])


@registry_app.command("import")
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


@registry_app.command("validate")
def validate_registry(file: File) -> None:
    """Check a registry file and change nothing."""
    from audit import registry

    shell.tell(f"{file}: {len(registry.read(file))} accounts, nothing wrong")


@registry_app.command("show")
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


@registry_app.command("history")
def registry_history(json: Json = False) -> None:
    """Show what was changed in the registry, and when."""
    from audit.jobs.registry import history

    with shell.installation() as opened:
        rows = history(opened)
    if json:
        shell.emit(rows)
    else:
        shell.table(
            ("when", "account", "change"),
            [(one["changed_at"], one["account_id"], one["change"]) for one in rows],
        )


@registry_app.command("import-register")
def import_register(file: File) -> None:
    """Take over one of the lists beside the registry, such as directory.csv."""
    from audit import registers
    from audit.jobs.registry import take_over_register

    found = registers.read(file)
    with shell.installation() as opened:
        take_over_register(opened, found)
    shell.tell(f"{file}: {len(found.rows)} rows as of {found.as_of.isoformat()}")


@registry_app.command("acknowledge-gap")
def acknowledge_gap(
    account: Annotated[str, typer.Argument(help="The account's id.")],
    facet: Annotated[str, typer.Argument(help="profile, posts or comments")],
    kind: Annotated[str, typer.Argument(help="denied, not_found, rate_limited or broken")],
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


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
