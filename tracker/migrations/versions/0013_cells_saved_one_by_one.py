"""cells saved one by one: texts that could not be read, values carried over, and why something is behind

Revision ID: 0013
Revises: 0009
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "entry_drafts",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("whole", sa.String(length=200), nullable=False),
        sa.Column("is_na", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("typed_by_id", sa.Integer(), nullable=True),
        sa.Column("typed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_entry_drafts_entry_id_entries"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["typed_by_id"], ["users.id"], name=op.f("fk_entry_drafts_typed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_entry_drafts")),
    )
    with op.batch_alter_table("entries", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("touched", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_carried", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column("asks_why_behind", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade():
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("asks_why_behind")
    with op.batch_alter_table("entries", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("is_carried")
        batch_op.drop_column("touched")
    op.drop_table("entry_drafts")
