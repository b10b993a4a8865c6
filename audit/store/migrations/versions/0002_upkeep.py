"""Credentials, limits, what nights saw of accounts, and notices to operators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit.store.types import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table('allowance',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('used', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'holder', 'unit', 'period', name=op.f('pk_allowance')),
    comment="What has been used of a platform's limits, by the period that a limit counts in."
    )
    op.create_table('credential',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=True),
    sa.Column('expires_at', Moment(), nullable=True),
    sa.Column('renewable_until', Moment(), nullable=True),
    sa.Column('renewable', sa.Boolean(), nullable=False),
    sa.Column('saved_at', Moment(), nullable=False),
    sa.Column('renewed_at', Moment(), nullable=True),
    sa.Column('lease', sa.Text(), nullable=True),
    sa.Column('leased_at', Moment(), nullable=True),
    sa.Column('lease_until', Moment(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'account_id', name=op.f('pk_credential')),
    comment='What lets accounts be read; an empty account_id serves the whole platform.'
    )
    op.create_table('account_sight',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('sight', sa.Text(), nullable=False),
    sa.Column('platform_id', sa.Text(), nullable=True),
    sa.Column('handle', sa.Text(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_account_sight_account_id')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_account_sight_night')),
    sa.PrimaryKeyConstraint('night', 'account_id', name=op.f('pk_account_sight')),
    comment='What a night saw of an account itself; its life is derived from these rows.'
    )
    op.create_table('notice',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('since', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_notice_night')),
    sa.PrimaryKeyConstraint('night', 'kind', 'subject', name=op.f('pk_notice')),
    comment='What a night had to tell the operators, so that the next tells only what is new.'
    )
    op.create_table('usage',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('used', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_usage_account_id')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_usage_night')),
    sa.PrimaryKeyConstraint('night', 'account_id', 'unit', name=op.f('pk_usage')),
    comment='What reading an account cost in a night; forecasts are made from it.'
    )
