"""Fixtures that many tests share: settings, a vault, and a store in each kind of database."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from audit.settings import Settings
from audit.store import migrate
from audit.store.database import Store, connect, open_store
from audit.vault import Vault

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
POSTGRES = "TEST_POSTGRES_URL"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own installation out of the tests."""
    for name in list(os.environ):
        if name.startswith("AUDIT_") and not name.startswith("AUDIT_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An embedded installation in a folder of its own."""
    return Settings(home=tmp_path / "audit")


@pytest.fixture
def vault() -> Vault:
    """A vault whose key is always the same."""
    return Vault(bytes(range(32)))


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Settings]:
    """An installation whose database is a new one on a real PostgreSQL server."""
    address = os.environ.get(POSTGRES) or None
    if address is None:
        pytest.skip(f"{POSTGRES} is not set")
    name = f"audit_{uuid.uuid4().hex[:12]}"
    server = create_engine(
        make_url(address).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(address).set(database=name).render_as_string(hide_password=False)
    yield Settings.model_validate({"home": tmp_path / "audit", "database_url": url, "key": KEY})
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of the newest schema, once in each kind of database."""
    if request.param == "sqlite":
        chosen = request.getfixturevalue("settings")
    else:
        chosen = request.getfixturevalue("postgres")
        engine = connect(chosen)
        migrate.upgrade(engine)
        engine.dispose()
    opened = open_store(chosen)
    yield opened
    opened.close()
