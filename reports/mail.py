"""Sends: turns a message into what mail programs read, and hands it to SMTP or to a folder.

The Airflow provider's own mail operator is not used: it writes no plain-text part, sets no
Message-ID, and forgets which of several recipients a server refused.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from pathlib import Path

from audit.errors import ConfigError, DeliveryError
from audit.settings import Settings
from reports.model.message import Message

FOLDER = "mail"
BODY_LINE = 76
"""Characters of a line in quoted-printable; RFC 2045, section 6.7."""
HEADER_LINE = 200
"""Characters before a header is folded; RFC 5322 allows 998."""


class Fate(StrEnum):
    """What became of a message that was not taken."""

    AGAIN = "again"
    """It surely was not sent, and the same call may succeed later."""
    REFUSED = "refused"
    """The server refused it for good."""
    UNKNOWN = "unknown"
    """The connection broke after the text had gone out: it may have been sent."""


class NotDelivered(DeliveryError):
    """A message was not taken; the text names the server's answer and no address."""

    def __init__(self, fate: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate = fate


def to_email(
    message: Message, settings: Settings, date: dt.datetime, reply_to: str | None = None
) -> EmailMessage:
    """Build the message with all its headers; the same message gives the same bytes.

    Args:
        message: what to send.
        settings: whom it comes from.
        date: when it was written.
        reply_to: where answers go unless the settings say; a mailbox that people read.

    Raises:
        ConfigError: ``AUDIT_MAIL_FROM`` or ``AUDIT_MAIL_REPLY_TO`` is no address.
        NotDelivered: the recipient's address cannot be used, which retrying does not change.
    """
    sender = _address(settings.mail_from, "AUDIT_MAIL_FROM")
    mail = EmailMessage(policy=SMTP.clone(max_line_length=BODY_LINE))
    mail["From"] = sender
    if message.recipient:
        mail["To"] = _recipient(message.recipient)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id(message.message_key, sender.domain)
    if settings.mail_reply_to is not None:
        mail["Reply-To"] = _address(settings.mail_reply_to, "AUDIT_MAIL_REPLY_TO")
    elif reply_to is not None:
        mail["Reply-To"] = _address(reply_to, "[people] university_relations")
    mail["List-Id"] = f"Social media audit <social-media-audit.{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if message.critical:
        mail["Importance"] = "high"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # the body methods drop Content-* set before
    _fix_boundary(mail, message.message_key)
    # Only now: the bodies are set in short lines, a subject is better not folded at all.
    mail.policy = SMTP.clone(max_line_length=HEADER_LINE)
    return mail


def message_id(message_key: str, domain: str) -> str:
    """Return the Message-ID of a message key; a mail sent twice carries the same one."""
    return f"<{hashlib.sha256(message_key.encode()).hexdigest()[:32]}@{domain}>"


def ready(settings: Settings) -> None:
    """Raise ``ConfigError`` for settings with which no mail can be built or sent.

    Asked before a night is read, so that a wrong one does not end it half-way.
    """
    _address(settings.mail_from, "AUDIT_MAIL_FROM")
    if settings.send:
        Smtp(settings)


class Smtp:
    """A mail server, logged in to once for many messages."""

    def __init__(self, settings: Settings) -> None:
        if not settings.smtp_host:
            raise ConfigError("AUDIT_SMTP_HOST is not set; name the mail server, or do not send")
        self._settings = settings
        self._server: _Server | None = None

    def __enter__(self) -> Smtp:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def send(self, mail: EmailMessage) -> None:
        """Hand over one message to its one recipient.

        Raises:
            NotDelivered: with what is known of its fate.
        """
        server = self._connected()
        server.in_doubt = False
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            (answer,) = error.recipients.values()
            raise _refusal("recipient refused", *answer) from None
        except smtplib.SMTPSenderRefused as error:
            # Said of the installation, not of this mail: none is given up for it.
            reason = _refusal("sender refused", error.smtp_code, error.smtp_error)
            raise NotDelivered(Fate.AGAIN, f"{reason}; check AUDIT_MAIL_FROM") from None
        except smtplib.SMTPDataError as error:
            raise _refusal("message refused", error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            self._drop()
            raise NotDelivered(
                Fate.REFUSED, "the mail server takes no addresses beyond ASCII"
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            doubt = server.in_doubt
            self._drop()
            raise NotDelivered(
                Fate.UNKNOWN if doubt else Fate.AGAIN, f"connection lost ({type(error).__name__})"
            ) from None

    def _connected(self) -> _Server:
        if self._server is not None and self._server.alive():
            return self._server
        self._drop()
        self._server = self._connect()
        return self._server

    def _connect(self) -> _Server:
        settings = self._settings
        host, port = settings.smtp_host or "", settings.smtp_port
        kind: type[_Server] = _TlsServer if settings.smtp_tls == "tls" else _Server
        where = f"mail server {host}:{port}"
        try:
            with contextlib.ExitStack() as undo:
                server = kind(host, port, timeout=settings.smtp_timeout_s)
                undo.callback(server.close)
                if settings.smtp_tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if settings.smtp_user:
                    password = settings.smtp_password
                    secret = password.get_secret_value() if password else ""
                    server.login(settings.smtp_user, secret)
                undo.pop_all()
        except smtplib.SMTPAuthenticationError as error:
            raise ConfigError(
                f"{where} refused the login ({error.smtp_code}); "
                "check AUDIT_SMTP_USER and AUDIT_SMTP_PASSWORD"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise ConfigError(
                f"{where} offers no STARTTLS or no login; check AUDIT_SMTP_TLS and AUDIT_SMTP_PORT"
            ) from None
        except ssl.SSLError as error:
            raise ConfigError(
                f"{where}: TLS failed ({error.reason}); check AUDIT_SMTP_TLS and its certificate"
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(
                Fate.AGAIN, f"{where} cannot be reached ({type(error).__name__})"
            ) from None
        return server

    def _drop(self) -> None:
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server = None


class _Server(smtplib.SMTP):
    """Knows whether the text of a message has begun to leave without an answer to it."""

    in_doubt = False

    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override]
        """Send the text; in doubt until the server has answered."""
        self.in_doubt = True
        answer = super().data(msg)
        self.in_doubt = False
        return answer

    def alive(self) -> bool:
        """Whether the connection still answers."""
        try:
            return self.noop()[0] == 250  # noqa: PLR2004  (RFC 5321, section 4.3.2)
        except (smtplib.SMTPException, OSError):
            return False


class _TlsServer(smtplib.SMTP_SSL, _Server):
    """The same over TLS from the first byte."""


def _refusal(what: str, code: int, text: bytes | str) -> NotDelivered:
    """Keep the code and the enhanced status; the rest of an answer often repeats the address."""
    said = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    first = said.split(maxsplit=1)[0] if said.split() else ""
    status = f" {first}" if first.replace(".", "").isdigit() and first.count(".") == 2 else ""
    permanent = code // 100 == 5  # noqa: PLR2004  (RFC 5321, section 4.2.1)
    return NotDelivered(Fate.REFUSED if permanent else Fate.AGAIN, f"{what} ({code}{status})")


def write(folder: Path, night: str, message: Message, mail: EmailMessage) -> Path:
    """Write a message as ``<night>-<kind>-<label>.eml``, with its HTML part beside it.

    The name carries no address. Writing the same message again changes nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(folder, night, message.kind, {"label": message.label})
    for file, content in (
        (path, mail.as_bytes()),
        (path.with_suffix(".html"), message.html.encode()),
    ):
        _replace(file, content)
    return path


def file_of(folder: Path, night: str, kind: str, content: Mapping[str, str]) -> Path:
    """Return the file into which a mail is written."""
    return folder / f"{night}-{kind}-{content['label']}.eml"


def _replace(path: Path, content: bytes) -> None:
    """Write in one step: whoever reads meanwhile sees the old file or the new one."""
    part = path.with_name(f".{path.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def _address(text: str, setting: str) -> Address:
    name, spec = parseaddr(text)
    try:
        found = Address(display_name=name, addr_spec=spec)
    except ValueError:
        found = Address()
    if not found.username or not found.domain:
        raise ConfigError(f"{setting}: not a mail address; write Name <name@example.edu>")
    return found


def _recipient(text: str) -> Address:
    try:
        found = Address(addr_spec=text)
    except ValueError:
        found = Address()
    if not found.username or not found.domain or any(char.isspace() for char in text):
        raise NotDelivered(
            Fate.REFUSED, "the recipient's address cannot be used; correct it in the registry"
        )
    return found


def _fix_boundary(mail: EmailMessage, message_key: str) -> None:
    """Set a boundary that follows from the key, so that the bytes do not change."""
    digest = hashlib.sha256(f"boundary {message_key}".encode()).hexdigest()
    mail.set_boundary(f"=_{digest[:40]}")


@contextlib.contextmanager
def server(settings: Settings) -> Iterator[Smtp]:
    """Open the mail server for a while."""
    with Smtp(settings) as smtp:
        yield smtp
