"""Tables of what an installation knows about its own reading, apart from what it read.

Tokens stand in the column named ``sealed``, encrypted and bound to their row.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from audit.store.schema import metadata
from audit.store.types import Moment

credential = Table(
    "credential",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("scopes", JSON),
    Column("expires_at", Moment),
    Column("renewable_until", Moment),
    Column("renewable", Boolean, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("renewed_at", Moment),
    Column("lease", Text),
    Column("leased_at", Moment),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text),
    Column("sealed", LargeBinary, nullable=False),
    comment="What lets accounts be read; an empty account_id serves the whole platform.",
)

allowance = Table(
    "allowance",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("holder", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("used", BigInteger, nullable=False),
    comment="What has been used of a platform's limits, by the period that a limit counts in.",
)

usage = Table(
    "usage",
    metadata,
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("used", BigInteger, nullable=False),
    comment="What reading an account cost in a night; forecasts are made from it.",
)

account_sight = Table(
    "account_sight",
    metadata,
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("account_id", Text, ForeignKey("account.account_id"), primary_key=True),
    Column("sight", Text, nullable=False),
    Column("platform_id", Text),
    Column("handle", Text),
    Column("detail", Text),
    comment="What a night saw of an account itself; its life is derived from these rows.",
)

notice = Table(
    "notice",
    metadata,
    Column("night", Text, ForeignKey("run.night"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("detail", Text, nullable=False),
    Column("since", Text, nullable=False),
    comment="What a night had to tell the operators, so that the next tells only what is new.",
)
