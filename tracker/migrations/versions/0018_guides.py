"""longer help for whoever fills in an indicator, in both languages

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("indicators", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("guide", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("guide_en", sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.drop_column("guide_en")
        batch_op.drop_column("guide")
