"""Settings of one installation, read from the environment once and then passed along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from audit.errors import ConfigError, plainly, suggest

PREFIX = "AUDIT_"
DEFAULT_HOME = Path(".audit")


class OAuthClient(BaseModel):
    """An app that is registered with a platform."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(min_length=1)
    """What the platform calls client id, client key or app id."""
    secret: SecretStr | None = None
    """``None``: a public client (RFC 6749, 2.1)."""
    redirect: str | None = None
    """The redirect address that is registered for the app."""


class Settings(BaseModel):
    """Every field can be set as ``AUDIT_<NAME>`` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = DEFAULT_HOME
    """Folder of the embedded database, the key, mails and pages."""
    database_url: str | None = None
    """An SQLAlchemy address; unset means SQLite in ``home``."""
    key: SecretStr | None = None
    """The root key, 32 bytes in URL-safe base64; required with PostgreSQL."""
    policy: str = "ucsf"
    """Name of a shipped pack, or the folder of one's own."""
    registers: Path | None = None
    """Folder of the register files that University Relations keeps."""
    send: bool = False
    """Whether mail may leave at all; without it mails are only written to ``home``/mail."""
    release_baseline: bool = False
    """Whether the first night's mails go out without being released by a person."""
    smtp_host: str | None = None
    """The mail server; needed once mail may leave."""
    smtp_port: int = 587
    """Its port."""
    smtp_user: str | None = None
    """Unset means that the server asks for no login."""
    smtp_password: SecretStr | None = None
    """The password of that login."""
    smtp_tls: str = Field(default="starttls", pattern="^(starttls|tls|none)$")
    """``starttls``, ``tls`` from the first byte on, or ``none``."""
    smtp_timeout_s: float = 30.0
    """Seconds to wait for the mail server."""
    mail_from: str = "Social Audit <social-audit@localhost>"
    """The sender of every mail."""
    mail_reply_to: str | None = None
    """Where answers go; unset means to the sender."""
    base_url: str | None = None
    """Where the pages stand behind a login; unset means that mails carry no such links."""
    allow_hosts: tuple[str, ...] = ()
    """``host:port`` pairs on private networks that may be read all the same."""
    oauth_clients: Mapping[str, OAuthClient] = Field(default={}, repr=False)
    """Apps registered with platforms, as JSON: `{"x": {"id": "...", "secret": "..."}}`; they
    renew and authorise tokens."""
    recordings: Path | None = None
    """Folder of recorded responses that answer instead of the network."""
    http_timeout_s: float = 20.0
    """Seconds to wait for an answer from a platform."""
    max_body_mb: int = 20
    """The largest answer that is read, in megabytes."""

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("oauth_clients", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            # Not chained: the parser's message quotes what it could not read.
            raise ValueError('not JSON, such as {"x": {"id": "..."}}') from None

    def secrets(self) -> Iterator[str]:
        """Yield every secret in the settings, to be masked where something may print them."""
        for value in (getattr(self, name) for name in type(self).model_fields):
            if isinstance(value, SecretStr):
                yield value.get_secret_value()
        for app in self.oauth_clients.values():
            if app.secret is not None:
                yield app.secret.get_secret_value()

    @property
    def database(self) -> str:
        """The address of the database, with the embedded one filled in."""
        return self.database_url or f"sqlite:///{(self.home / 'audit.db').absolute()}"

    @property
    def embedded(self) -> bool:
        """Whether everything lives in ``home``."""
        return self.database.startswith("sqlite")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            ConfigError: an unknown ``AUDIT_`` variable, or a value of the wrong form.
        """
        known = {PREFIX + name.upper(): name for name in cls.model_fields}
        values: dict[str, str] = {}
        for variable, value in environ.items():
            # AUDIT_TEST_* belongs to the test suite.
            if not variable.startswith(PREFIX) or variable.startswith("AUDIT_TEST_") or not value:
                continue
            if variable not in known:
                raise ConfigError(
                    f"environment: unknown setting {variable}{suggest(variable, known)}"
                )
            values[known[variable]] = value
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name, *inside = map(str, first["loc"])
            field = " ".join([PREFIX + name.upper(), *inside])
            raise ConfigError(f"environment: {field}: {plainly(first['msg'])}") from None
