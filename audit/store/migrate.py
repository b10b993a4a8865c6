"""Brings a database to the schema that this code knows, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_402_118
"""An arbitrary number by which PostgreSQL lets one process migrate at a time."""


def head() -> str | None:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """Return the revision of the database; ``None`` when it is empty."""
    context = MigrationContext.configure(connection, opts={"version_table": "audit_schema"})
    return context.get_current_revision()


def newer(revision: str | None) -> bool:
    """Whether this code has never heard of the database's revision."""
    script = ScriptDirectory.from_config(_config())
    return revision not in {None, *(one.revision for one in script.walk_revisions())}


def explain(revision: str | None) -> str:
    """Say what to do about a database of another revision."""
    if newer(revision):
        return (
            f"database: its schema {revision} is newer than this version of the audit knows; "
            "install the version that made it, or a later one"
        )
    state = f"has schema {revision}" if revision else "is empty"
    return f"database: it {state}, {head()} is needed; run: account-audit doctor --migrate"


def upgrade(engine: Engine) -> None:
    """Apply what is missing, all or nothing; a second process waits and finds it done."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
