"""Runs the migrations inside the connection that ``audit.store.migrate`` hands over."""

from alembic import context

from audit.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="audit_schema",
    transaction_per_migration=False,
)
context.run_migrations()
