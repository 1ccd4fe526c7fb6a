"""the first period to report: of the periods before it no reports are asked

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    # Every plan goes on asking for all of its periods: nothing that is missing stops being so by an update.
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("is_expected", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade():
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("is_expected")
