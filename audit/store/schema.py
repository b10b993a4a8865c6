"""The tables. This file and the migrations must agree; a test compares them.

Texts, evidence and mails stand in columns named ``sealed``, encrypted and bound to their row.
Nothing else here holds a word that somebody published.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from audit.store.types import Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="Facts about the database itself, such as the id of the key it was written with.",
)

account = Table(
    "account",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("registered_at", Moment, nullable=False),
    comment="The registry; one row for each account that was ever registered.",
)

account_change = Table(
    "account_change",
    metadata,
    Column("change_id", Integer, primary_key=True),
    Column("account_id", Text, ForeignKey("account.account_id"), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("note", Text),
    Index("ix_account_change_account_id", "account_id"),
    comment="What was changed in the registry, and when; null: was not, or is no longer, there.",
)

register = Table(
    "register",
    metadata,
    Column("name", Text, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("rows", JSON, nullable=False),
    comment="The lists that University Relations keeps; a night uses the newest that it can know.",
)

run = Table(
    "run",
    metadata,
    Column("night", Text, primary_key=True),
    Column("as_of", Moment, nullable=False),
    Column("backfill", Boolean, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("window_start", Moment, nullable=False),
    Column("closed", Boolean, nullable=False),
    comment="One row for each night.",
)

fetch = Table(
    "fetch",
    metadata,
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("facet", Text, primary_key=True),
    Column("fetched_at", Moment, nullable=False),
    Column("items", Integer, nullable=False),
    Column("gap_kind", Text),
    Column("gap_reason", Text),
    Column("partial", Boolean, nullable=False),
    comment="What was read of an account in a night, facet by facet, and what was not.",
)

acknowledged_gap = Table(
    "acknowledged_gap",
    metadata,
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("facet", Text, primary_key=True),
    Column("gap_kind", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date, nullable=False),
    comment="Gaps that a person knows of and accepts for a time.",
)

validator = Table(
    "validator",
    metadata,
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    comment="For conditional requests.",
)

item = Table(
    "item",
    metadata,
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("created_at", Moment),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("gone_reason", Text),
    Column("metrics", JSON, nullable=False),
    Index("ix_item_created_at", "account_id", "created_at"),
    comment="Everything published that was ever seen; times of seeing are nights' as_of.",
)

item_version = Table(
    "item_version",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["account_id", "item_id"], ["item.account_id", "item.item_id"]),
    comment="The wordings of an item, counted from 1; an edit adds one.",
)

judgement = Table(
    "judgement",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("check_id", Text, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["account_id", "item_id"], ["item.account_id", "item.item_id"]),
    comment="The last result of a check on an item; the basis hashes all it was judged by.",
)

coverage = Table(
    "coverage",
    metadata,
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("check_id", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("subjects", Integer, nullable=False),
    comment="How many subjects had which outcome; the reason is empty where there is none.",
)

finding = Table(
    "finding",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("check_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("account_id", Text, ForeignKey("account.account_id"), nullable=False),
    Column("level", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("source", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("night", Text, ForeignKey("run.night"), nullable=False),
    Index("ix_finding_account_id", "account_id"),
    comment="What was ever found, worded as in the newest night that saw it.",
)

sighting = Table(
    "sighting",
    metadata,
    Column("fingerprint", Text, ForeignKey("finding.fingerprint"), primary_key=True),
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("sight", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("ix_sighting_night", "night"),
    comment="What a night saw of a finding; a night that did not look again has no row.",
)

review = Table(
    "review",
    metadata,
    Column("review_id", Integer, primary_key=True),
    Column("fingerprint", Text, ForeignKey("finding.fingerprint"), nullable=False),
    Column("decision", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("expires_on", Date),
    Index("ix_review_fingerprint", "fingerprint"),
    comment="Decisions of people; rows are only added.",
)

outbox = Table(
    "outbox",
    metadata,
    Column("message_key", Text, primary_key=True),
    Column("night", Text, ForeignKey("run.night"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("critical", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("queued_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("sent_at", Moment),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_outbox_state", "state"),
    comment="Every mail, from the moment it is written; its key makes it one per night.",
)
