"""first run: the code that opens the set-up, and what was chosen there

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    # Instances that exist are set up already, or wait for nobody until tracker init is run again.
    with op.batch_alter_table("instance", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("setup_digest", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("time_zone", sa.String(length=64), nullable=True))


def downgrade():
    with op.batch_alter_table("instance", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("time_zone")
        batch_op.drop_column("language")
        batch_op.drop_column("setup_digest")
