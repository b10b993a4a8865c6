"""Commands about the tokens with which platforms are read."""

from __future__ import annotations

import contextlib
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit import shell
from audit.errors import ConfigError
from audit.shell import Json

if TYPE_CHECKING:
    from audit.store.credentials import Standing

app = shell.make_app("Tokens with which platforms are read. None of them is ever shown.")

LARGEST = 64 * 1024
"""Bytes of a file that holds a token."""

Platform = Annotated[str, typer.Argument(metavar="PLATFORM", help="As in the registry.")]
Account = Annotated[
    str,
    typer.Option(
        "--account",
        metavar="ID",
        help="Of this account alone. Default: of all accounts of the platform without their own.",
    ),
]


@app.command("set")
def set_credential(
    platform: Platform,
    account: Account = "",
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Read it here, not from standard input."),
    ] = None,
) -> None:
    """Store a token: bare, or as the JSON that the platform answered with.

    It is read from a file or from standard input, without echo, never from the command line.
    """
    from audit.jobs.credentials import check_account, known, put

    known(platform)
    with shell.installation() as opened:
        check_account(opened, platform, account)  # before anybody types a secret
        done = put(opened, platform, account, _secret(file))
    _tell_stored(done)


@app.command("list")
def list_credentials(json: Json = False) -> None:
    """List the stored credentials: their state, scopes and end, and no secret."""
    from audit.jobs.credentials import listing

    with shell.installation() as opened:
        rows = listing(opened)
    if json:
        shell.emit(rows)
        return
    shell.table(
        ("platform", "account", "state", "ends", "renewed until", "scopes", "problem"),
        [
            (
                row["platform"],
                row["account"] or "all",
                row["state"],
                _day(row["expires_at"]),
                _day(row["renewable_until"]) if row["renewable"] else "by hand only",
                "not told" if row["scopes"] is None else " ".join(row["scopes"]),
                row["problem"],
            )
            for row in rows
        ],
    )


@app.command("remove")
def remove_credential(platform: Platform, account: Account = "") -> None:
    """Forget a credential; the platform itself is not told."""
    from audit.jobs.credentials import forget

    with shell.installation() as opened:
        forget(opened, platform, account)
    shell.tell(f"{account or platform}: forgotten; withdraw it on the platform's own pages too")


@app.command("renew")
def renew_credential(platform: Platform, account: Account = "") -> None:
    """Renew a credential now; a night does so by itself when it is due."""
    from audit.jobs.credentials import renew_now

    with shell.installation() as opened:
        done = renew_now(opened, platform, account)
    _tell_stored(done)


@app.command("authorise")
def authorise(
    platform: Platform,
    account: Account = "",
    redirect: Annotated[
        str | None,
        typer.Option(
            "--redirect",
            metavar="URL",
            help="As registered for the app. Default: of AUDIT_OAUTH_CLIENTS, else localhost.",
        ),
    ] = None,
) -> None:
    """Let the app in: open the page shown, then paste the address to which it leads.

    The app's id and secret stand in AUDIT_OAUTH_CLIENTS.
    """
    from audit.jobs.authorising import begin, finish

    with shell.installation() as opened:
        asked = begin(opened, platform, account, redirect)
        shell.tell("Open this page, logged in as somebody who may let the app in:")
        typer.echo(asked.address)
        shell.tell(f"It leads to {asked.redirect}, where nothing need answer. Paste that address:")
        done = finish(opened, asked, _typed("address or code: "))
    _tell_stored(done)


def _secret(file: Path | None) -> str:
    if file is None:
        return _typed("token: ")
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ConfigError(f"{file}: more than {LARGEST // 1024} KB; that is no token")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not a text in UTF-8") from None


def _typed(prompt: str) -> str:
    """Read from standard input; what a person types is not shown."""
    if sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            return getpass.getpass(prompt)
        return ""
    return sys.stdin.read(LARGEST)


def _tell_stored(done: Standing) -> None:
    scopes = "scopes not told" if done.scopes is None else f"scopes {' '.join(done.scopes)}"
    ends = "no end known" if done.expires_at is None else f"ends {_day(done.expires_at)}"
    renewal = "is renewed by itself" if done.renewable else "is not renewed by itself"
    shell.tell(f"{done.platform}: stored for {done.holder}; {scopes}; {ends}; {renewal}")
    shell.tell("try it: account-audit doctor")


def _day(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if value is not None else "not known"
