"""The channels that want advice every day, and each day's delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("wishes", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("next_due_ms", sa.BigInteger),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.UniqueConstraint("platform", "tenant", "channel", name="one_subscription_a_channel"),
    )
    _partial_index("subscriptions_due", "subscriptions", ["platform", "next_due_ms"], "next_due_ms IS NOT NULL")
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("local_date", sa.String(10), nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("cycle", sa.Integer),
        sa.Column("advice_id", sa.String(200)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("wake_ms", sa.BigInteger),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("first_post_ms", sa.BigInteger),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.UniqueConstraint("platform", "tenant", "channel", "local_date", name="one_delivery_a_day"),
        sa.UniqueConstraint("platform", "tenant", "channel", "cycle", "advice_id", name="no_repeat_in_a_round"),
    )
    _partial_index("deliveries_open", "deliveries", ["platform", "wake_ms"], "wake_ms IS NOT NULL")
    _partial_index("deliveries_to_look_at", "deliveries", ["state"], "state IN ('held', 'failed', 'expired')")


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
