"""A mail server on this machine that keeps what it gets."""

import contextlib
import email
import socket
from email.policy import SMTP

from aiosmtpd.controller import Controller


def free_port():
    """A port nobody listens on; aiosmtpd cannot be asked to choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Handler:
    """Keeps what arrives; answers as told, by command or by recipient."""

    def __init__(self, answers=None):
        self.answers = {} if answers is None else answers
        self.mails = []
        self.sessions = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers.get(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer == "hang up":
            server.transport.abort()
            return "421 gone"
        if answer.startswith("2"):
            parsed = email.message_from_bytes(envelope.content, policy=SMTP)
            self.mails.append((list(envelope.rcpt_tos), parsed))
            self.sessions.append(session)
        return answer


@contextlib.contextmanager
def serving(answers=None, controller=Controller, **options):
    """Run a server; gives its handler and the settings that send to it."""
    handler = Handler(answers)
    running = controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    running.start()
    settings = {
        "send": True,
        "smtp_host": "127.0.0.1",
        "smtp_port": running.port,
        "smtp_tls": "none",
        "smtp_timeout_s": 5,
        "mail_from": "Social Audit <audit@bayline.example>",
    }
    try:
        yield handler, settings
    finally:
        running.stop(no_assert=True)
