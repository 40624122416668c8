"""The tables, as the newest migration leaves them; instants are integer milliseconds UTC."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

slack_installations = sa.Table(
    "slack_installations",
    metadata,
    # "" where Slack gives none: a NULL would not count in the primary key.
    sa.Column("enterprise", sa.String(32), primary_key=True),
    sa.Column("team", sa.String(32), primary_key=True),  # "": installed for the whole organisation
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # the installation with its tokens, encrypted
    sa.Column("installed_ms", sa.BigInteger, nullable=False),
)

slack_states = sa.Table(
    "slack_states",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256: who reads the table cannot use a state
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
)
