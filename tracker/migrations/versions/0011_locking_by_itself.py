"""locking by itself: a plan's rule, the last day on which a period is open, and what was reopened by hand

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    # No plan has such a rule yet, so nothing locks by an update.
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("lock_workdays", sa.Integer(), nullable=True))
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("open_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("kept_open", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("kept_open")
        batch_op.drop_column("open_until")
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("lock_workdays")
