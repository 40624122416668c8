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

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("platform", sa.String(16), nullable=False),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),  # who set it up, and is told when it stops
    sa.Column("locale", sa.String(16), nullable=False),
    sa.Column("wishes", sa.Text, nullable=False),  # JSON: schedule, topics, pins and bans, which no query reads
    sa.Column("status", sa.String(16), nullable=False),  # active, paused, disabled
    sa.Column("error", sa.Text, nullable=False),  # why it is disabled
    sa.Column("next_due_ms", sa.BigInteger),  # NULL: nothing will come
    sa.Column("cycle", sa.Integer, nullable=False),  # the round of its deck
    sa.UniqueConstraint("platform", "tenant", "channel", name="one_subscription_a_channel"),
)
sa.Index(
    "subscriptions_due",
    subscriptions.c.platform,  # each platform has an engine of its own
    subscriptions.c.next_due_ms,
    sqlite_where=subscriptions.c.next_due_ms.is_not(None),
    postgresql_where=subscriptions.c.next_due_ms.is_not(None),
)
sa.Index(
    "subscriptions_disabled",
    subscriptions.c.status,
    sqlite_where=subscriptions.c.status == "disabled",
    postgresql_where=subscriptions.c.status == "disabled",
)

# Named by channel and not by subscription: whoever unsubscribes and subscribes again on one day still gets one post.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("platform", sa.String(16), nullable=False),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("local_date", sa.String(10), nullable=False),  # 2026-03-02, as the channel's zone counts
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),  # later than this it is not posted any more
    sa.Column("cycle", sa.Integer),
    sa.Column("advice_id", sa.String(200)),  # NULL: born without, as skipped and expired ones are
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("wake_ms", sa.BigInteger),  # when to look at it again; NULL: it is closed
    sa.Column("token", sa.String(32), nullable=False),  # whose it is while it is open; "" is nobody's
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("first_post_ms", sa.BigInteger),
    sa.Column("message_id", sa.String(64), nullable=False),  # the platform's own; "" until it is sent
    sa.Column("error", sa.Text, nullable=False),
    sa.UniqueConstraint("platform", "tenant", "channel", "local_date", name="one_delivery_a_day"),
    sa.UniqueConstraint("platform", "tenant", "channel", "cycle", "advice_id", name="no_repeat_in_a_round"),
)
sa.Index(
    "deliveries_open",
    deliveries.c.platform,
    deliveries.c.wake_ms,
    sqlite_where=deliveries.c.wake_ms.is_not(None),
    postgresql_where=deliveries.c.wake_ms.is_not(None),
)
sa.Index(
    "deliveries_to_look_at",
    deliveries.c.state,
    sqlite_where=deliveries.c.state.in_(["held", "failed", "expired"]),
    postgresql_where=deliveries.c.state.in_(["held", "failed", "expired"]),
)

# What owners of channels that stopped are to be told. A table of its own: a channel may be set up again meanwhile.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", _Id, primary_key=True),
    sa.Column("platform", sa.String(16), nullable=False),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),  # the one that stopped
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("locale", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("key", sa.String(24), nullable=False),  # marks the message
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # as a delivery's
    sa.Column("wake_ms", sa.BigInteger),
    sa.Column("token", sa.String(32), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("first_post_ms", sa.BigInteger),
    sa.Column("error", sa.Text, nullable=False),
)
sa.Index(
    "notices_open",
    notices.c.platform,
    notices.c.wake_ms,
    sqlite_where=notices.c.wake_ms.is_not(None),
    postgresql_where=notices.c.wake_ms.is_not(None),
)
