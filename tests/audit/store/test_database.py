"""Opening, migrating, locking, and what a person reads when it fails."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from audit.errors import ConfigError, StoreError
from audit.settings import Settings
from audit.store import accounts, items, migrate, runs, schema, schema_upkeep
from audit.store.database import Store, connect, open_store
from tests.conftest import KEY
from tests.factories import at, make_account, make_item, make_run

WRITERS, ROUNDS = 8, 25


def test_the_migrations_make_the_schema(store: Store) -> None:
    with store.read() as session:
        context = MigrationContext.configure(
            session.connection, opts={"version_table": "audit_schema"}
        )
        assert compare_metadata(context, schema_upkeep.metadata) == []
        assert migrate.current(session.connection) == migrate.head()


def test_opening_twice_changes_nothing(settings: Settings) -> None:
    with open_store(settings).read() as session:
        before = session.connection.execute(select(schema.meta)).all()
    with open_store(settings).read() as session:
        assert session.connection.execute(select(schema.meta)).all() == before


def test_the_embedded_database_is_private(settings: Settings) -> None:
    open_store(settings).close()
    assert settings.home.stat().st_mode & 0o077 == 0
    assert (settings.home / "audit.db").stat().st_mode & 0o077 == 0


def _write(home: Path, writer: int) -> None:
    store = open_store(Settings(home=home))
    for number in range(ROUNDS):
        with store.write() as session:
            # Reads first and writes later: the order in which SQLite's default gives up.
            session.connection.scalar(select(func.count()).select_from(schema.item))
            items.save(session, "library", [make_item(f"{writer}-{number}")], at(2))
    store.close()


def test_eight_writers_on_sqlite_lose_nothing(settings: Settings) -> None:
    with open_store(settings).write() as session:
        accounts.replace_all(session, [make_account()], at(1))
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_write, args=(settings.home, writer)) for writer in range(WRITERS)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0] * WRITERS
    with open_store(settings).read() as session:
        for table in (schema.item, schema.item_version):
            number = session.connection.scalar(select(func.count()).select_from(table))
            assert number == WRITERS * ROUNDS


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reader:
        assert runs.nights(reader) == ()
        with store.write() as writer:
            runs.open_run(writer, make_run(1))
        assert runs.nights(reader) == ()
    with store.read() as reader:
        assert len(runs.nights(reader)) == 1


def test_another_key_is_refused_before_anything_is_read(settings: Settings) -> None:
    open_store(settings).close()
    other = settings.model_copy(update={"key": Settings.from_env({"AUDIT_KEY": KEY}).key})
    with pytest.raises(StoreError, match="was written with key"):
        open_store(other)


def test_a_newer_schema_is_not_touched(settings: Settings) -> None:
    open_store(settings).close()
    with sqlite3.connect(settings.home / "audit.db") as connection:
        connection.execute("UPDATE audit_schema SET version_num = 'from-the-future'")
    with pytest.raises(StoreError, match="newer than this version"):
        open_store(settings)


def test_a_file_that_is_no_database_is_named(settings: Settings) -> None:
    open_store(settings).close()
    for file in settings.home.glob("audit.db*"):
        file.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(StoreError, match=r"audit\.db: file is not a database"):
        open_store(settings)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "not an SQLAlchemy database address"),
        ("mysql://db/audit", "mysql is not supported"),
    ],
)
def test_a_wrong_address_is_refused(url: str, message: str) -> None:
    chosen = Settings.from_env({"AUDIT_DATABASE_URL": url, "AUDIT_KEY": KEY})
    with pytest.raises(ConfigError, match=message):
        open_store(chosen)


def test_an_unreachable_server_is_one_clear_error_without_the_password() -> None:
    url = "postgresql://audit:canary-pw@127.0.0.1:1/audit"
    chosen = Settings.from_env({"AUDIT_DATABASE_URL": url, "AUDIT_KEY": KEY})
    with pytest.raises(StoreError, match="Check AUDIT_DATABASE_URL") as caught:
        open_store(chosen)
    assert "canary-pw" not in str(caught.value)


@pytest.mark.postgres
def test_a_server_is_migrated_only_when_asked(postgres: Settings) -> None:
    with pytest.raises(StoreError, match="account-audit doctor --migrate"):
        open_store(postgres)
    engine = connect(postgres)
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    engine.dispose()
    open_store(postgres).close()


def _migrate(url: str) -> None:
    engine = connect(Settings.from_env({"AUDIT_DATABASE_URL": url, "AUDIT_KEY": KEY}))
    migrate.upgrade(engine)
    engine.dispose()


@pytest.mark.postgres
def test_two_processes_migrate_at_once(postgres: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_migrate, args=(postgres.database,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0]
    engine = connect(postgres)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_schema")) == 1
    engine.dispose()
