"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audit.store.types import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table('account',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('registered_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_account')),
    comment='The registry; one row for each account that was ever registered.'
    )
    op.create_table('meta',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_meta')),
    comment='Facts about the database itself, such as the id of the key it was written with.'
    )
    op.create_table('register',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'as_of', name=op.f('pk_register')),
    comment='The lists that University Relations keeps; a night uses the newest that it can know.'
    )
    op.create_table('run',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('as_of', Moment(), nullable=False),
    sa.Column('backfill', sa.Boolean(), nullable=False),
    sa.Column('baseline', sa.Boolean(), nullable=False),
    sa.Column('policy_version', sa.Text(), nullable=False),
    sa.Column('code_version', sa.Text(), nullable=False),
    sa.Column('window_start', Moment(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('night', name=op.f('pk_run')),
    comment='One row for each night.'
    )
    op.create_table('account_change',
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_account_change_account_id')),
    sa.PrimaryKeyConstraint('change_id', name=op.f('pk_account_change')),
    comment='What was changed in the registry, and when; null: was not, or is no longer, there.'
    )
    op.create_index('ix_account_change_account_id', 'account_change', ['account_id'], unique=False)
    op.create_table('acknowledged_gap',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('facet', sa.Text(), nullable=False),
    sa.Column('gap_kind', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_acknowledged_gap_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'facet', 'gap_kind', name=op.f('pk_acknowledged_gap')),
    comment='Gaps that a person knows of and accepts for a time.'
    )
    op.create_table('coverage',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('check_id', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('subjects', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_coverage_account_id')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_coverage_night')),
    sa.PrimaryKeyConstraint('night', 'account_id', 'check_id', 'level', 'outcome', 'reason', name=op.f('pk_coverage')),
    comment='How many subjects had which outcome; the reason is empty where there is none.'
    )
    op.create_table('fetch',
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('facet', sa.Text(), nullable=False),
    sa.Column('fetched_at', Moment(), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('gap_kind', sa.Text(), nullable=True),
    sa.Column('gap_reason', sa.Text(), nullable=True),
    sa.Column('partial', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_fetch_account_id')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_fetch_night')),
    sa.PrimaryKeyConstraint('night', 'account_id', 'facet', name=op.f('pk_fetch')),
    comment='What was read of an account in a night, facet by facet, and what was not.'
    )
    op.create_table('finding',
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('check_id', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('night', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_finding_account_id')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_finding_night')),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_finding')),
    comment='What was ever found, worded as in the newest night that saw it.'
    )
    op.create_index('ix_finding_account_id', 'finding', ['account_id'], unique=False)
    op.create_table('item',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('created_at', Moment(), nullable=True),
    sa.Column('first_seen', Moment(), nullable=False),
    sa.Column('last_seen', Moment(), nullable=False),
    sa.Column('gone_at', Moment(), nullable=True),
    sa.Column('gone_reason', sa.Text(), nullable=True),
    sa.Column('metrics', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_item_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'item_id', name=op.f('pk_item')),
    comment="Everything published that was ever seen; times of seeing are nights' as_of."
    )
    op.create_index('ix_item_created_at', 'item', ['account_id', 'created_at'], unique=False)
    op.create_table('outbox',
    sa.Column('message_key', sa.Text(), nullable=False),
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('critical', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('queued_at', Moment(), nullable=False),
    sa.Column('claimed_at', Moment(), nullable=True),
    sa.Column('sent_at', Moment(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_outbox_night')),
    sa.PrimaryKeyConstraint('message_key', name=op.f('pk_outbox')),
    comment='Every mail, from the moment it is written; its key makes it one per night.'
    )
    op.create_index('ix_outbox_state', 'outbox', ['state'], unique=False)
    op.create_table('validator',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], name=op.f('fk_validator_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'url', name=op.f('pk_validator')),
    comment='For conditional requests.'
    )
    op.create_table('item_version',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('first_seen', Moment(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'item_id'], ['item.account_id', 'item.item_id'], name=op.f('fk_item_version_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'item_id', 'version', name=op.f('pk_item_version')),
    comment='The wordings of an item, counted from 1; an edit adds one.'
    )
    op.create_table('judgement',
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Text(), nullable=False),
    sa.Column('check_id', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['account_id', 'item_id'], ['item.account_id', 'item.item_id'], name=op.f('fk_judgement_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'item_id', 'check_id', name=op.f('pk_judgement')),
    comment='The last result of a check on an item; the basis hashes all it was judged by.'
    )
    op.create_table('review',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('reviewer', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', Moment(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['fingerprint'], ['finding.fingerprint'], name=op.f('fk_review_fingerprint')),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_review')),
    comment='Decisions of people; rows are only added.'
    )
    op.create_index('ix_review_fingerprint', 'review', ['fingerprint'], unique=False)
    op.create_table('sighting',
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('night', sa.Text(), nullable=False),
    sa.Column('sight', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['fingerprint'], ['finding.fingerprint'], name=op.f('fk_sighting_fingerprint')),
    sa.ForeignKeyConstraint(['night'], ['run.night'], name=op.f('fk_sighting_night')),
    sa.PrimaryKeyConstraint('fingerprint', 'night', name=op.f('pk_sighting')),
    comment='What a night saw of a finding; a night that did not look again has no row.'
    )
    op.create_index('ix_sighting_night', 'sighting', ['night'], unique=False)
