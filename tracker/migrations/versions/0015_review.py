"""review: cells that are returned, values that were odd, the day of handing in, corrections, reminders

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _enum(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    with op.batch_alter_table("reports", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("odd", sa.Integer(), nullable=False, server_default="0"))
        # The local day of what was handed in before is not known, so nobody becomes late by an update.
        batch_op.add_column(sa.Column("handed_in_on", sa.Date(), nullable=True))
    with op.batch_alter_table("entries", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("return_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("returned_revision", sa.Integer(), nullable=True))
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _enum("correctedstate", "value", "not_applicable"), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "outcome", _enum("outcome", "waiting", "approved", "refused", "taken_back"), nullable=False
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_corrections_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_corrections_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_corrections_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_corrections_proposed_by_id_users")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_corrections_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_corrections_outcome"), ["outcome"], unique=False)
        batch_op.create_index(op.f("ix_corrections_report_id"), ["report_id"], unique=False)
    op.create_table(
        "urges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("urged_on", sa.Date(), nullable=False),
        sa.Column("urged_at", sa.DateTime(), nullable=False),
        sa.Column("urged_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_urges_period_id_periods")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_urges_unit_id_org_units")),
        sa.ForeignKeyConstraint(["urged_by_id"], ["users.id"], name=op.f("fk_urges_urged_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urges")),
        sa.UniqueConstraint(
            "unit_id", "period_id", "urged_on", name=op.f("uq_urges_unit_id_period_id_urged_on")
        ),
    )
    # What waits for review and is odd has a reason, since none was submitted without; the others have none.
    op.execute(
        "UPDATE reports SET odd = (SELECT count(*) FROM entries WHERE entries.report_id = reports.id "
        "AND entries.state = 'value' AND entries.reason IS NOT NULL) WHERE state = 'submitted'"
    )


def downgrade():
    op.drop_table("urges")
    op.drop_table("corrections")
    with op.batch_alter_table("entries", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("returned_revision")
        batch_op.drop_column("return_reason")
    with op.batch_alter_table("reports", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("handed_in_on")
        batch_op.drop_column("odd")
