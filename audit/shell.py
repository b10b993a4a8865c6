"""How commands talk to the person who typed them: errors, exit codes, settings, output."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from audit.errors import AuditError, IncompleteRun
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.installation import Installation

FOUND, WRONG, INCOMPLETE = 1, 2, 3
"""Exit codes; 0 is done."""

Begin = Callable[[int], None]
Step = Callable[[str], None]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="T",
        help="The night: a date, or a date and time; local unless it says otherwise. Default: now.",
    ),
]
Known = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="T",
        help="A night that was opened: a date, or a date and time. Default: the newest.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print for machines.")]


class Commands(TyperGroup):
    """A group of commands that answers a wrong input with one clear error, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except IncompleteRun as error:
            _complain("incomplete", error)
            raise typer.Exit(INCOMPLETE) from None
        except AuditError as error:
            _complain("error", error)
            raise typer.Exit(WRONG) from None
        except BrokenPipeError:
            # The reader of the output has gone; the interpreter's own flush must not complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except OSError as error:
            name = getattr(error, "filename", None)
            _complain("error", f"{name}: {error.strerror}" if name else str(error))
            raise typer.Exit(WRONG) from None
        except Exception as error:
            if isinstance(error, typer.Abort) or hasattr(error, "exit_code"):
                raise  # the command line's own ways to stop
            # Only type and place: an exception's text may quote what was judged.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}, line {place.lineno}"
            _complain("error", f"unexpected {type(error).__name__} in {where}; please report it")
            raise typer.Exit(WRONG) from None


def make_app(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(
        cls=Commands,
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def settings(**overrides: object) -> Settings:
    """Read the settings; options given on the command line win."""
    found = Settings.from_env(os.environ)
    given = {name: value for name, value in overrides.items() if value is not None}
    return found.model_copy(update=given)


@contextlib.contextmanager
def installation(**overrides: object) -> Iterator[Installation]:
    """Open the installation for one command."""
    from audit.installation import open_installation  # heavy, and --help does not need it

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    # It tells of every try that is repeated; one that fails for good is told by us, once.
    repeats = logging.getLogger("urllib3")
    before = repeats.level
    repeats.setLevel(logging.ERROR)
    try:
        with open_installation(settings(**overrides)) as opened:
            yield opened
    finally:
        repeats.setLevel(before)


def emit(value: object) -> None:
    """Print a value as JSON: keys sorted, one document."""
    typer.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=plain))


def emit_lines(values: Iterable[object]) -> None:
    """Print values as JSON Lines."""
    for value in values:
        typer.echo(json.dumps(value, ensure_ascii=False, default=plain))


def plain(value: object) -> object:
    """Turn a value of ours into what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"cannot print a {type(value).__name__}")


def table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Print columns, each as wide as its widest cell; of nothing, say so beside the output."""
    lines = [header, *[tuple("" if cell is None else str(cell) for cell in row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
    if len(lines) == 1:
        tell("nothing to list")


@contextlib.contextmanager
def progress(
    what: str, *, quiet: bool
) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """Show how far something has come, beside the output, where somebody is looking.

    Yields:
        What to call with the number of steps, and what to call after each with its name.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(
        *columns, console=console, transient=True, disable=quiet or not console.is_terminal
    ) as bar:
        task = bar.add_task("")
        yield (
            lambda total: bar.update(task, total=total),
            lambda name: bar.update(task, advance=1, description=name),
        )


def tell(text: str) -> None:
    """Say something to the person, beside the output."""
    typer.echo(text, err=True)


def _complain(word: str, error: object) -> None:
    typer.echo(f"{word}: {error}", err=True)
