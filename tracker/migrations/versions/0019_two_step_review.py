"""two-step review: in how many steps a plan's reports are reviewed, and who checked a report first

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE = ("not_started", "draft", "submitted", "returned", "approved")
NOW = ("not_started", "draft", "submitted", "checked", "returned", "approved")
KEPT = (
    ("reports", "state", "reportstate"),
    ("report_tallies", "state", "reportstate"),
    ("intake_batches", "into_state", "intostate"),
)
"""Where the state of a report is kept: table, column and name of the check."""


FIRST_BY = "fk_reports_checked_by_id_users"


def _allow(words):
    """Have the database take these words for a state; SQLite makes the tables anew for that."""
    listed = ", ".join(f"'{word}'" for word in words)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column, name in KEPT:
        check = op.f(f"ck_{table}_{name}")
        with op.batch_alter_table(
            table, schema=None, recreate="always" if is_sqlite else "never"
        ) as batch_op:
            if not is_sqlite:
                batch_op.drop_constraint(check, type_="check")
            # A table that is made anew loses its checks, and has this one alone.
            batch_op.create_check_constraint(check, f"{column} IN ({listed})")


def upgrade():
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("review_steps", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("checked_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f(FIRST_BY), "users", ["checked_by_id"], ["id"])
    # Last, since a table that SQLite makes anew loses its checks.
    _allow(NOW)


def downgrade():
    # What was checked has still to be approved, so it waits for its one review.
    op.execute(
        "UPDATE report_tallies SET reports = reports + (SELECT c.reports FROM report_tallies c WHERE "
        "c.unit_id = report_tallies.unit_id AND c.period_id = report_tallies.period_id AND "
        "c.state = 'checked') WHERE state = 'submitted' AND EXISTS (SELECT 1 FROM report_tallies c WHERE "
        "c.unit_id = report_tallies.unit_id AND c.period_id = report_tallies.period_id AND c.state = 'checked')"
    )
    op.execute(
        "DELETE FROM report_tallies WHERE state = 'checked' AND EXISTS (SELECT 1 FROM report_tallies s WHERE "
        "s.unit_id = report_tallies.unit_id AND s.period_id = report_tallies.period_id AND s.state = 'submitted')"
    )
    op.execute("UPDATE report_tallies SET state = 'submitted' WHERE state = 'checked'")
    op.execute("UPDATE reports SET state = 'submitted' WHERE state = 'checked'")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(FIRST_BY), type_="foreignkey")
        batch_op.drop_column("checked_by_id")
        batch_op.drop_column("checked_at")
    _allow(BEFORE)
    with op.batch_alter_table("plans", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("review_steps")
