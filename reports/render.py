"""Turns a report into a subject, a plain text and an HTML page; decides nothing.

HTML is escaped by the environment, a name that a template does not know is an error, and the
colours are written into every element, because many mail programs read nothing else.
"""

from __future__ import annotations

import functools
import re
import textwrap
import unicodedata
from dataclasses import dataclass

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from audit.errors import AuditError
from audit.model.verdict import Severity
from reports.model.digest import Digest, Numbers
from reports.model.message import Message
from reports.model.operations import OperatorsNote
from reports.model.owner import OwnerReport
from reports.palette import DARK, LIGHT
from reports.words import cut

WIDTH = 72
"""Columns of a plain-text mail; links may be longer."""
SUBJECT_LIMIT = 78
"""Characters; the line length that RFC 5322 section 2.1.1 asks for."""
SIZE_LIMIT = 100_000
"""Bytes of an HTML part. Gmail cuts a mail at about 102 kB, and with it its last block."""

SHAPES = {
    Severity.CRITICAL: "\u25c6",
    Severity.HIGH: "\u25b2",
    Severity.MEDIUM: "\u25cf",
    Severity.LOW: "\u25cb",
    Severity.INFO: "\u25cb",
}
"""A shape beside each word, so that nothing is told by colour alone."""

_PHONE = re.compile(r"(?<![\w-])\d{3}-\d{3}-\d{4}(?![\w-])")
"""A telephone number as it is written in the United States."""

_ASCII = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u00b7": "-",
    }
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The three parts of a mail."""

    subject: str
    text: str
    html: str


def render(kind: str, report: OwnerReport | Digest | OperatorsNote) -> Rendered:
    """Fill the templates of one kind of mail.

    Args:
        kind: a folder of ``templates`` with ``subject.txt``, ``body.txt`` and ``body.html``.
        report: what the templates of that kind read.

    Raises:
        AuditError: the HTML part would be cut off by mail programs.
    """
    env = environment()
    subject = one_line(env.get_template(f"{kind}/subject.txt").render(report=report))
    text = env.get_template(f"{kind}/body.txt").render(report=report)
    html = env.get_template(f"{kind}/body.html").render(report=report, subject=subject)
    inlined = _inliner().inline(_squeeze(html))
    size = len(inlined.encode())
    if size > SIZE_LIMIT:
        raise AuditError(
            f"mail {kind!r}: its HTML part has {size:,} bytes, mail programs cut at "
            f"{SIZE_LIMIT:,}; show fewer items in it"
        )
    return Rendered(subject=subject, text=_tidy(text), html=inlined)


def message(
    kind: str,
    report: OwnerReport | Digest | OperatorsNote,
    *,
    message_key: str,
    label: str,
    recipient: str,
    critical: bool = False,
) -> Message:
    """Render a report and address it."""
    parts = render(kind, report)
    return Message(
        kind=kind,
        message_key=message_key,
        label=label,
        recipient=recipient,
        subject=parts.subject,
        text=parts.text,
        html=parts.html,
        critical=critical,
    )


@functools.cache
def environment() -> Environment:
    """Return the one environment that mails and pages are rendered in."""
    env = Environment(
        loader=PackageLoader("reports"),
        autoescape=select_autoescape(enabled_extensions=("html", "svg"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["prose"] = prose
    env.filters["fill"] = fill
    env.filters["cut"] = cut
    env.filters["columns"] = columns
    env.globals.update(light=LIGHT, dark=DARK, shapes=SHAPES, subject_limit=SUBJECT_LIMIT)
    return env


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    css = environment().get_template("_base/mail.css").render()
    return css_inline.CSSInliner(
        extra_css=css, load_remote_stylesheets=False, minify_css=True, keep_style_tags=False
    )


def one_line(text: str) -> str:
    """Return the text as one line without control characters, as a mail header needs it."""
    printable = (" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join("".join(printable).split())


def plain(text: str) -> str:
    """Return the text with ASCII punctuation, for the plain-text part."""
    return text.translate(_ASCII)


def prose(text: str) -> Markup:
    """Set a sentence of ours in type: curly quotes, and numbers that can be called.

    Never used for what somebody published, which is shown as it was written.
    """
    curly = re.sub(r"(?<=\w)'", "\u2019", re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text))
    called = _PHONE.sub(
        lambda found: f'<a class="nw" href="tel:+1{re.sub("[^0-9]", "", found[0])}">{found[0]}</a>',
        str(escape(curly)),
    )
    return Markup(called)  # noqa: S704  (escaped above; the pattern adds only digits and hyphens)


def fill(text: str, indent: int = 0, first: str | None = None) -> str:
    """Break a paragraph at 72 columns; ``first`` stands before its first line."""
    return "\n".join(
        textwrap.wrap(
            plain(text),
            WIDTH,
            initial_indent=" " * indent if first is None else first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def columns(table: Numbers) -> str:
    """Set a table of numbers in columns, the numbers to the right."""
    rows = [(_label(row.code, row.label), row.cells) for row in (*table.rows, table.total)]
    widths = [
        max(len(head), *(len(cells[at]) for _, cells in rows)) + 2
        for at, head in enumerate(table.head[1:])
    ]
    room = WIDTH - 2 - sum(widths)
    lines = [(table.head[0], table.head[1:]), *rows]
    return "\n".join(
        "  "
        + textwrap.shorten(plain(label), room, placeholder="...").ljust(room)
        + "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        for label, cells in lines
    )


def _label(code: str | None, label: str) -> str:
    return f"{code} {label}" if code else label


def _squeeze(html: str) -> str:
    """Drop the white space that only the templates' layout needs."""
    return re.sub(r"\n\s*", "\n", html).strip() + "\n"


def _tidy(text: str) -> str:
    """Join runs of empty lines into one."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
