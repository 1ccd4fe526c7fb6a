"""confirmed by imports: what an import only confirmed, and where it found values that were carried over

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    # Imports kept until now only what they wrote, and not over what.
    with op.batch_alter_table("intake_revisions", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("is_written", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("was_carried", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    # What was only confirmed would be taken for something that was written.
    op.execute(sa.text("DELETE FROM intake_revisions WHERE NOT is_written"))
    with op.batch_alter_table("intake_revisions", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("was_carried")
        batch_op.drop_column("is_written")
