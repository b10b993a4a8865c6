"""Connections and transactions, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from audit.errors import ConfigError, StoreError
from audit.settings import Settings
from audit.store import migrate, schema
from audit.vault import Vault, open_vault

log = logging.getLogger(__name__)

BUSY_S = 60
"""How long a writer waits for another one on SQLite."""
WRITES = "audit_writes"
SCRUB = "scrub"
"""Row of ``meta`` that stands until the files were written anew; each purge gives it a value."""


@dataclass(frozen=True)
class Session:
    """An open transaction, with the vault that seals and opens its rows."""

    connection: Connection
    vault: Vault

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or update those whose primary key exists. All rows name the same columns."""
        if not rows:
            return
        build = sqlite_insert if self.connection.dialect.name == "sqlite" else postgresql_insert
        statement = build(table)
        keys = [column.name for column in table.primary_key]
        changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        if changed:
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        self.connection.execute(statement, [dict(row) for row in rows])

    def lock(self, name: str) -> None:
        """Let one transaction at a time work on what is called so, until it ends.

        On SQLite there is only ever one writer.
        """
        if self.connection.dialect.name == "postgresql":
            key = func.hashtextextended(name, 0)
            self.connection.execute(select(func.pg_advisory_xact_lock(key)))

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that cannot exist yet."""
        if rows:
            self.connection.execute(insert(table), [dict(row) for row in rows])

    def scrub_later(self) -> None:
        """Note that something was deleted that the files of an embedded database still hold."""
        if self.connection.dialect.name == "sqlite":
            self.upsert(schema.meta, [{"name": SCRUB, "value": secrets.token_hex(8)}])

    def add_missing(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless its key exists; returns whether it was new."""
        build = sqlite_insert if self.connection.dialect.name == "sqlite" else postgresql_insert
        statement = build(table).values(dict(row)).on_conflict_do_nothing()
        return self.connection.execute(statement).rowcount == 1


class Store:
    """The database of one installation."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self.vault = vault

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: everything or nothing. Never held open over the network.

        Raises:
            StoreError: the database failed; nothing was written.
        """
        with self._transaction(writes=True) as session:
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that sees one state of the database."""
        with self._transaction(writes=False) as session:
            yield session

    @contextlib.contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Session]:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(**{WRITES: writes})
                if not writes and connection.dialect.name == "postgresql":
                    # By default each statement would see another state there.
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield Session(connection, self.vault)
        except SQLAlchemyError as error:
            raise StoreError(f"database: {_cause(error)}") from None

    def scrub(self) -> bool:
        """Take out of an embedded database's files what was deleted; returns whether it is out.

        Deleted rows are overwritten at once (``secure_delete``), but the log still has them, and
        now and then a copy survives in a page; only writing the file anew ends that (ADR 24).
        False while somebody else uses the database; the next call does it. A server sees to it
        by itself (``VACUUM``).
        """
        if self._engine.dialect.name != "sqlite":
            return True
        mark = schema.meta.c
        with self.read() as session:
            due = session.connection.scalar(select(mark.value).where(mark.name == SCRUB))
        if due is None:
            return True
        if not self._rewrite():
            return False
        with self.write() as session:
            done = delete(schema.meta).where(mark.name == SCRUB, mark.value == due)
            session.connection.execute(done)
        return True

    def _rewrite(self) -> bool:
        try:
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("VACUUM")
                busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            log.warning("the database file was not rewritten: %s", error)
            return False
        return not busy

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_store(settings: Settings) -> Store:
    """Open the database; the embedded one is made and brought up to date on the way.

    Raises:
        ConfigError: a wrong address, or no key.
        StoreError: not reachable, another schema than this code knows, or another key.
    """
    if settings.embedded:
        try:
            settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"AUDIT_HOME: {settings.home} is no folder that can be made or used "
                f"({error.strerror}); name one that you may write to"
            ) from None
    vault = open_vault(settings)
    engine = connect(settings)
    try:
        with engine.connect() as connection:
            current = migrate.current(connection)
        if current != migrate.head():
            if not settings.embedded or migrate.newer(current):
                raise StoreError(migrate.explain(current))
            migrate.upgrade(engine)
        store = Store(engine, vault)
        with store.write() as session:
            _check_key(session)
    except SQLAlchemyError as error:
        raise unusable(settings, error) from None
    if settings.embedded:
        _private(settings)
    return store


def unusable(settings: Settings, error: SQLAlchemyError) -> StoreError:
    """Return the error that says which database failed, why, and what to check."""
    return StoreError(
        f"database {make_url(settings.database).render_as_string()}: {_cause(error)}. "
        "Check AUDIT_DATABASE_URL and that the server runs"
    )


def connect(settings: Settings) -> Engine:
    """Make the engine without touching the schema.

    Raises:
        ConfigError: the address cannot be read, or names a database that is not supported.
    """
    try:
        url = make_url(settings.database)
    except ArgumentError:
        raise ConfigError("AUDIT_DATABASE_URL: not an SQLAlchemy database address") from None
    if url.get_backend_name() == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg2"), pool_pre_ping=True)
    if url.get_backend_name() != "sqlite":
        raise ConfigError(
            f"AUDIT_DATABASE_URL: {url.get_backend_name()} is not supported; "
            "use postgresql:// or sqlite://"
        )
    engine = create_engine(url, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted or replaced is overwritten with zeros
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writer came
    # between; taking the write lock at the start makes it wait instead.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_key(session: Session) -> None:
    row = {"name": "key_id", "value": session.vault.key_id}
    session.add_missing(schema.meta, row)
    found = session.connection.scalar(
        select(schema.meta.c.value).where(schema.meta.c.name == "key_id")
    )
    if found != session.vault.key_id:
        raise StoreError(
            f"this database was written with key {found}, the key here is {session.vault.key_id}; "
            "set AUDIT_KEY to the right one"
        )


def _private(settings: Settings) -> None:
    file = make_url(settings.database).database
    if file and os.path.exists(file):
        os.chmod(file, 0o600)


def _cause(error: SQLAlchemyError) -> str:
    """The driver's first line; never the statement, which may hold values."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    return str(inner).strip().partition("\n")[0]
