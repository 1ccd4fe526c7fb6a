"""imports of figures: the batches, and the revisions that each of them made

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "intake_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column(
            "into_state",
            sa.Enum(
                "not_started",
                "draft",
                "submitted",
                "returned",
                "approved",
                name="intostate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("because", sa.String(length=500), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_intake_batches_made_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_units.id"], name=op.f("fk_intake_batches_unit_id_org_units")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_intake_batches_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_batches")),
    )
    with op.batch_alter_table("intake_batches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_intake_batches_made_by_id_intake_batches_id"), ["made_by_id", "id"]
        )
        batch_op.create_index(batch_op.f("ix_intake_batches_unit_id"), ["unit_id"])
    op.create_table(
        "intake_revisions",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["intake_batches.id"], name=op.f("fk_intake_revisions_batch_id_intake_batches")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_intake_revisions_entry_id_entries")
        ),
        sa.PrimaryKeyConstraint("batch_id", "entry_id", name=op.f("pk_intake_revisions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("intake_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_revisions_entry_id"), ["entry_id"])


def downgrade():
    op.drop_table("intake_revisions")
    op.drop_table("intake_batches")
