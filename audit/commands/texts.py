"""Commands about words that are not, or not yet, published, and the checks that judge them."""

from __future__ import annotations

from typing import Annotated

import typer

from audit import shell
from audit.shell import Json

app = shell.make_app("Judge words without a database or a key.")
checks_app = shell.make_app("The checks that exist.")
app.add_typer(checks_app, name="checks")

Cases = Annotated[
    str, typer.Argument(metavar="CASES.jsonl", help="A file, or - for standard input.")
]
Pack = Annotated[str | None, typer.Option("--policy", help="A pack's name or folder.")]


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


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
