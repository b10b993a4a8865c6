"""Headers, folders, and a real mail server on this machine."""

import contextlib
import datetime as dt
import email
import functools
import ipaddress
import ssl
from email.policy import SMTP

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audit.errors import ConfigError
from audit.settings import Settings
from reports.mail import Fate, NotDelivered, Smtp, message_id, to_email, write
from reports.model.message import Message
from tests.reports.smtp import serving

DATE = dt.datetime(2027, 5, 18, 9, tzinfo=dt.UTC)


def message(**changes):
    values = {
        "kind": "owner",
        "message_key": "owner/2027-05-18/abc",
        "label": "sleep-clinic-abc",
        "recipient": "dana@example.edu",
        "subject": "[Social audit] 2 to do today",
        "text": "Two items.\n",
        "html": '<!DOCTYPE html><html lang="en-US"><body><p>Two — items.</p></body></html>',
    }
    return Message(**{**values, **changes})


def settings(**changes):
    values = {
        "mail_from": "Social Audit <audit@example.edu>",
        "mail_reply_to": "relations@example.edu",
        "smtp_host": "127.0.0.1",
        "smtp_tls": "none",
        "smtp_timeout_s": 5,
    }
    return Settings(**{**values, **changes})


def built(**changes):
    return to_email(message(**changes), settings(), DATE)


def test_headers_say_who_sent_it_and_that_a_machine_did():
    mail = built()
    assert mail["From"] == "Social Audit <audit@example.edu>"
    assert mail["To"] == "dana@example.edu"
    assert mail["Reply-To"] == "relations@example.edu"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "Social media audit <social-media-audit.example.edu>"
    assert mail["Content-Language"] == "en-US"
    assert mail["Date"] == "Tue, 18 May 2027 09:00:00 +0000"
    assert mail["Importance"] is None
    assert built(critical=True)["Importance"] == "high"


def test_the_same_message_gives_the_same_bytes_and_id():
    assert built().as_bytes() == built().as_bytes()
    assert built()["Message-ID"] == message_id("owner/2027-05-18/abc", "example.edu")
    assert built()["Message-ID"] != built(message_key="owner/2027-05-19/abc")["Message-ID"]
    assert "dana" not in built()["Message-ID"]


def test_text_comes_first_and_lines_stay_short():
    mail = built(html="<p>" + "long words " * 500 + "</p>")
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    for part in mail.iter_parts():
        assert max(len(line) for line in part.get_payload().splitlines()) <= 76


def test_a_subject_is_not_folded():
    subject = "[Social audit] 12 to do today, 34 open: " + "Department " * 9
    assert f"Subject: {subject.strip()}\r\n".encode() in built(subject=subject.strip()).as_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "dana@example.edu\r\nBcc: evil@example.edu"},
        {"recipient": "dana@example.edu, evil@example.edu"},
        {"recipient": "nobody"},
        {"recipient": "a b@example.edu"},
    ],
)
def test_a_recipient_cannot_add_headers_or_others(changes):
    with pytest.raises(NotDelivered) as caught:
        built(**changes)
    assert caught.value.fate is Fate.REFUSED
    assert "example.edu" not in str(caught.value)


def test_a_subject_cannot_add_headers():
    with pytest.raises(ValueError, match="newline|linefeed"):
        built(subject="x\r\nBcc: evil@example.edu")


@pytest.mark.parametrize("name", ["mail_from", "mail_reply_to"])
def test_a_wrong_sender_is_named_by_its_setting(name):
    with pytest.raises(ConfigError, match=f"AUDIT_{name.upper()}"):
        to_email(message(), settings(**{name: "nobody"}), DATE)


def test_the_folder_holds_the_mail_and_its_page_under_a_name_without_an_address(tmp_path):
    path = write(tmp_path / "mail", "2027-05-18", message(), built())
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    write(tmp_path / "mail", "2027-05-18", message(), built())
    after = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert before == after
    assert sorted(before) == [
        "2027-05-18-owner-sleep-clinic-abc.eml",
        "2027-05-18-owner-sleep-clinic-abc.html",
    ]
    parsed = email.message_from_bytes(path.read_bytes(), policy=SMTP)
    assert parsed["To"] == "dana@example.edu"
    assert path.stat().st_mode & 0o077 == 0


@pytest.fixture
def serve():
    """Start mail servers; returns the handler and the settings that reach it."""
    with contextlib.ExitStack() as running:

        def start(answers=None, tls="none", **options):
            handler, reach = running.enter_context(serving(answers, **options))
            return handler, settings(smtp_port=reach["smtp_port"], smtp_tls=tls)

        yield start


def test_a_server_gets_the_mail_once_and_whole(serve):
    handler, to = serve()
    with Smtp(to) as server:
        server.send(built())
        server.send(built(message_key="owner/2027-05-18/def", recipient="lee@example.edu"))
    assert [recipients for recipients, _ in handler.mails] == [
        ["dana@example.edu"],
        ["lee@example.edu"],
    ]
    parsed = handler.mails[0][1]
    assert parsed.get_body(("html",)).get_content().strip() == message().html
    assert parsed.get_body(("plain",)).get_content().strip() == "Two items."


@pytest.mark.parametrize(
    ("answers", "fate", "said"),
    [
        ({"dana@example.edu": "550 5.1.1 dana@example.edu unknown"}, Fate.REFUSED, "550 5.1.1"),
        ({"dana@example.edu": "451 4.7.1 try later"}, Fate.AGAIN, "451 4.7.1"),
        ({"DATA": "554 5.6.0 dana@example.edu is spam"}, Fate.REFUSED, "message refused (554"),
        ({"DATA": "452 no room"}, Fate.AGAIN, "message refused (452)"),
        ({"DATA": "hang up"}, Fate.UNKNOWN, "connection lost"),
    ],
)
def test_a_refusal_is_seen_with_its_fate_and_without_the_address(serve, answers, fate, said):
    handler, to = serve(answers)
    with Smtp(to) as server:
        with pytest.raises(NotDelivered) as caught:
            server.send(built())
        assert caught.value.fate is fate
        assert said in str(caught.value)
        assert "dana" not in str(caught.value)
        if "DATA" not in answers:
            server.send(built(recipient="lee@example.edu"))
            assert len(handler.mails) == 1


def test_a_server_that_is_not_there_is_tried_again_later(serve):
    _, to = serve()
    closed = to.model_copy(update={"smtp_port": 1})
    with Smtp(closed) as server, pytest.raises(NotDelivered) as caught:
        server.send(built())
    assert caught.value.fate is Fate.AGAIN


def test_sending_without_a_server_is_a_mistake_in_the_settings():
    with pytest.raises(ConfigError, match="AUDIT_SMTP_HOST"):
        Smtp(settings(smtp_host=None))


def test_a_server_without_starttls_is_not_trusted(serve):
    _, to = serve(tls="starttls")
    with Smtp(to) as server, pytest.raises(ConfigError, match="AUDIT_SMTP_TLS"):
        server.send(built())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def tls_context(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class StartTls(Controller):
    """Offers TLS after the greeting, and refuses mail without it."""

    def __init__(self, handler, *, context, **kwargs):
        self.context = context
        super().__init__(handler, **kwargs)

    def factory(self):
        return Protocol(
            self.handler,
            tls_context=self.context,
            require_starttls=True,
            authenticator=lambda *given: AuthResult(
                success=(given[4].login, given[4].password) == (b"audit", b"word"), handled=False
            ),
        )


@pytest.fixture
def starttls(certificate):
    context = tls_context(certificate)
    login = {"smtp_user": "audit", "smtp_password": "word"}
    with serving(controller=functools.partial(StartTls, context=context)) as (handler, reach):
        yield handler, settings(smtp_port=reach["smtp_port"], smtp_tls="starttls", **login)


def test_starttls_and_login(starttls, certificate, monkeypatch):
    handler, to = starttls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with Smtp(to) as server:
        server.send(built())
    assert handler.sessions[0].ssl is not None


def test_an_unknown_certificate_stops_before_anything_is_sent(starttls):
    handler, to = starttls
    with Smtp(to) as server, pytest.raises(ConfigError, match="TLS failed"):
        server.send(built())
    assert not handler.mails


def test_a_wrong_password_is_a_mistake_in_the_settings(starttls, certificate, monkeypatch):
    _, to = starttls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    wrong = settings(
        smtp_port=to.smtp_port, smtp_tls="starttls", smtp_user="audit", smtp_password="nope"
    )
    with Smtp(wrong) as server, pytest.raises(ConfigError, match="refused the login") as caught:
        server.send(built())
    assert "nope" not in str(caught.value)


def test_tls_from_the_first_byte(serve, certificate, monkeypatch):
    handler, to = serve(tls="tls", ssl_context=tls_context(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with Smtp(to) as server:
        server.send(built())
    assert len(handler.mails) == 1


def test_a_sender_that_the_server_refuses_is_seen(serve):
    _, to = serve()
    limited = built()
    limited.replace_header("From", "audit@example.edu" + "x" * 600)
    with Smtp(to) as server, pytest.raises(NotDelivered) as caught:
        server.send(limited)
    assert caught.value.fate is Fate.AGAIN, "a wrong setting loses no mail"
    assert "example.edu" not in str(caught.value)


def test_an_address_beyond_ascii_is_refused_where_the_server_cannot_take_it(serve):
    handler, to = serve(enable_SMTPUTF8=False)
    with Smtp(to) as server:
        with pytest.raises(NotDelivered) as caught:
            server.send(built(recipient="zoë@example.edu"))
        assert caught.value.fate is Fate.REFUSED
        server.send(built())
    assert len(handler.mails) == 1


def test_a_connection_that_went_away_is_made_again(serve):
    handler, to = serve()
    with Smtp(to) as server:
        server.send(built())
        server._server.sock.close()
        server.send(built(message_key="owner/2027-05-18/def"))
    assert len(handler.mails) == 2
