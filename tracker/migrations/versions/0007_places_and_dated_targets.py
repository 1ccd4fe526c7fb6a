"""places in time, retired and merged units, dated targets, replaced indicators

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-23

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FOREVER = "9999-12-31"


def upgrade():
    _add_columns()
    path = sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql")
    op.create_table(
        "unit_places",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("path", path, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_unit_places_unit_id_org_units")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["org_units.id"], name=op.f("fk_unit_places_parent_id_org_units")
        ),
        sa.PrimaryKeyConstraint("unit_id", "until_on", name=op.f("pk_unit_places")),
    )
    op.create_index(
        op.f("ix_unit_places_parent_id_unit_places_until_on"), "unit_places", ["parent_id", "until_on"]
    )
    op.create_index(op.f("ix_unit_places_until_on"), "unit_places", ["until_on"])
    op.create_table(
        "unit_mergers",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("merged_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_units.id"], name=op.f("fk_unit_mergers_unit_id_org_units")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["org_units.id"], name=op.f("fk_unit_mergers_successor_id_org_units")
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_mergers")),
    )
    op.create_index(op.f("ix_unit_mergers_successor_id"), "unit_mergers", ["successor_id"])
    op.create_table(
        "indicator_replacements",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicators.id"],
            name=op.f("fk_indicator_replacements_indicator_id_indicators"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["indicators.id"],
            name=op.f("fk_indicator_replacements_predecessor_id_indicators"),
        ),
        sa.PrimaryKeyConstraint("indicator_id", name=op.f("pk_indicator_replacements")),
        sa.UniqueConstraint("predecessor_id", name=op.f("uq_indicator_replacements_predecessor_id")),
    )
    op.create_table(
        "target_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_units.id"], name=op.f("fk_target_changes_unit_id_org_units")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_target_changes_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_target_changes_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_changes")),
    )
    op.create_index(
        op.f("ix_target_changes_unit_id_target_changes_indicator_id"),
        "target_changes",
        ["unit_id", "indicator_id"],
    )
    op.create_index(op.f("ix_target_changes_indicator_id"), "target_changes", ["indicator_id"])
    _give_targets_days()
    _give_reaches_days()


def _add_columns():
    """Plain additions: units and indicators are pointed at from everywhere, so their tables are never remade."""
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Date(), nullable=True))


_COLUMNS = (
    ("org_units", "placed_on"),
    ("org_units", "retired_on"),
    ("indicators", "from_on"),
    ("indicators", "retired_on"),
)


def _give_targets_days():
    """What was set holds from the first day of its plan on, and becomes the beginning of the history."""
    op.execute("CREATE TABLE kept_targets AS SELECT * FROM targets")
    op.drop_table("targets")
    op.create_table(
        "targets",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("below_target", sa.BigInteger(), nullable=True),
        sa.Column("below_baseline", sa.BigInteger(), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_targets_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_targets_unit_id_org_units")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_targets_plan_id_plans")),
        sa.PrimaryKeyConstraint("unit_id", "plan_id", "indicator_id", "from_on", name=op.f("pk_targets")),
    )
    op.create_index(op.f("ix_targets_indicator_id"), "targets", ["indicator_id"])
    plan_of = (
        "FROM kept_targets k JOIN indicators i ON i.id = k.indicator_id JOIN plans p ON p.id = i.plan_id"
    )
    op.execute(
        "INSERT INTO targets (unit_id, plan_id, indicator_id, from_on, until_on, target, baseline, below_target, "
        "below_baseline, reporters) SELECT k.unit_id, p.id, k.indicator_id, p.starts_on, "
        f"{_forever()}, k.target, k.baseline, k.below_target, k.below_baseline, k.reporters {plan_of} "
        "WHERE k.target IS NOT NULL OR k.below_target IS NOT NULL OR k.reporters <> 0"
    )
    op.execute(
        "INSERT INTO target_changes (unit_id, indicator_id, from_on, target, baseline) "
        f"SELECT k.unit_id, k.indicator_id, p.starts_on, k.target, k.baseline {plan_of} "
        "WHERE k.target IS NOT NULL ORDER BY k.indicator_id, k.unit_id"
    )
    op.drop_table("kept_targets")


def _give_reaches_days():
    op.execute("CREATE TABLE kept_reaches AS SELECT * FROM plan_reaches")
    op.drop_table("plan_reaches")
    op.create_table(
        "plan_reaches",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_reaches_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_units.id"], name=op.f("fk_plan_reaches_unit_id_org_units")
        ),
        sa.PrimaryKeyConstraint("plan_id", "unit_id", "from_on", name=op.f("pk_plan_reaches")),
    )
    op.execute(
        "INSERT INTO plan_reaches (plan_id, unit_id, from_on, until_on, reporters) "
        f"SELECT k.plan_id, k.unit_id, p.starts_on, {_forever()}, k.reporters "
        "FROM kept_reaches k JOIN plans p ON p.id = k.plan_id WHERE k.reporters <> 0"
    )
    op.drop_table("kept_reaches")


def _forever():
    return f"CAST('{FOREVER}' AS DATE)" if op.get_bind().dialect.name == "postgresql" else f"'{FOREVER}'"


def downgrade():
    """What held last is what remains; earlier targets and places cannot be kept by the older schema."""
    op.execute("CREATE TABLE kept_targets AS SELECT * FROM targets")
    op.drop_table("targets")
    op.create_table(
        "targets",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("below_target", sa.BigInteger(), nullable=True),
        sa.Column("below_baseline", sa.BigInteger(), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_targets_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_targets_unit_id_org_units")),
        sa.PrimaryKeyConstraint("unit_id", "indicator_id", name=op.f("pk_targets")),
    )
    op.create_index(op.f("ix_targets_indicator_id"), "targets", ["indicator_id"])
    op.execute(
        "INSERT INTO targets (unit_id, indicator_id, target, baseline, below_target, below_baseline, reporters) "
        "SELECT unit_id, indicator_id, target, baseline, below_target, below_baseline, reporters "
        f"FROM kept_targets WHERE until_on = {_forever()}"
    )
    op.drop_table("kept_targets")
    op.execute("CREATE TABLE kept_reaches AS SELECT * FROM plan_reaches")
    op.drop_table("plan_reaches")
    op.create_table(
        "plan_reaches",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_reaches_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_units.id"], name=op.f("fk_plan_reaches_unit_id_org_units")
        ),
        sa.PrimaryKeyConstraint("plan_id", "unit_id", name=op.f("pk_plan_reaches")),
    )
    op.execute(
        "INSERT INTO plan_reaches (plan_id, unit_id, reporters) "
        f"SELECT plan_id, unit_id, reporters FROM kept_reaches WHERE until_on = {_forever()}"
    )
    op.drop_table("kept_reaches")
    op.drop_table("target_changes")
    op.drop_table("indicator_replacements")
    op.drop_table("unit_mergers")
    op.drop_table("unit_places")
    for table, column in _COLUMNS:
        op.drop_column(table, column)
