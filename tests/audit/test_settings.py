"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.errors import ConfigError
from audit.settings import Settings


def test_everything_has_a_default_and_nothing_is_sent() -> None:
    settings = Settings.from_env({})
    assert not settings.send
    assert settings.embedded
    assert settings.database.endswith(".audit/audit.db")


def test_values_are_read_by_name() -> None:
    settings = Settings.from_env(
        {
            "AUDIT_HOME": "/var/audit",
            "AUDIT_SEND": "true",
            "AUDIT_SMTP_PORT": "25",
            "AUDIT_ALLOW_HOSTS": "localhost:2584, 10.0.0.7:80",
            "AUDIT_DATABASE_URL": "",
            "PATH": "/bin",
        }
    )
    assert settings.home == Path("/var/audit")
    assert settings.send
    assert settings.smtp_port == 25
    assert settings.allow_hosts == ("localhost:2584", "10.0.0.7:80")
    assert settings.embedded


def test_an_unknown_setting_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ConfigError, match="AUDIT_SMPT_HOST, did you mean 'AUDIT_SMTP_HOST'"):
        Settings.from_env({"AUDIT_SMPT_HOST": "mail"})


def test_a_wrong_value_names_its_variable_and_not_the_value() -> None:
    with pytest.raises(ConfigError, match="AUDIT_SMTP_PORT") as caught:
        Settings.from_env({"AUDIT_SMTP_PORT": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_env({"AUDIT_KEY": "canary-key", "AUDIT_SMTP_PASSWORD": "canary-pw"})
    assert "canary" not in repr(settings)
    assert "canary" not in settings.model_dump_json()


def test_apps_are_read_from_json() -> None:
    value = '{"x": {"id": "app", "secret": "canary"}, "tiktok": {"id": "key"}}'
    settings = Settings.from_env({"AUDIT_OAUTH_CLIENTS": value, "AUDIT_KEY": "canary-key"})
    assert settings.oauth_clients["x"].id == "app"
    assert settings.oauth_clients["tiktok"].secret is None
    assert sorted(settings.secrets()) == ["canary", "canary-key"]
    assert "canary" not in repr(settings)
    assert "canary" not in settings.model_dump_json()


@pytest.mark.parametrize(
    "value",
    [
        '{"x": canary}',
        '["canary"]',
        '"canary"',
        '{"x": {"secret": "canary"}}',
        '{"x": {"id": "", "secret": "canary"}}',
        '{"x": {"id": "app", "scret": "canary"}}',
        '{"x": "canary"}',
        '{"x": {"id": "app", "secret": ["canary"]}}',
    ],
)
def test_apps_of_a_wrong_form_are_refused_without_being_shown(value: str) -> None:
    with pytest.raises(ConfigError, match="AUDIT_OAUTH_CLIENTS") as caught:
        Settings.from_env({"AUDIT_OAUTH_CLIENTS": value})
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
