"""dated facts of units

Revision ID: 0006
Revises: 0004
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "unit_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "households",
                "residents",
                "compounds",
                "area",
                name="factkind",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_unit_facts_unit_id_org_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_facts")),
        sa.UniqueConstraint("unit_id", "kind", "from_on", name=op.f("uq_unit_facts_unit_id_kind_from_on")),
    )


def downgrade():
    op.drop_table("unit_facts")
