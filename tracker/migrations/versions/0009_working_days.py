"""working days: the calendar, how a plan's due dates come about, why a period is locked

Revision ID: 0009
Revises: 0007
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa

from tracker.features.calendar.queries import notices


revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    days = op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "published",
                "own",
                name="daysource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    # What was published is kept in one file; all of it that this version of the program has is loaded.
    op.bulk_insert(
        days,
        [
            {
                "day": row.day,
                "is_workday": row.is_workday,
                "name": row.name,
                "name_en": row.name_en,
                "source": row.source.value,
                "version": 0,
            }
            for notice in notices().values()
            for row in notice.days
        ],
    )
    # Due dates that were announced stay as they are: nobody becomes late by an update.
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("due_workdays", sa.Integer(), nullable=False, server_default="5"))
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("due_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("lock_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))


def downgrade():
    with op.batch_alter_table("periods", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("lock_reason")
        batch_op.drop_column("due_by_hand")
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("due_workdays")
    op.drop_table("calendar_days")
