"""sign-ins on the server, rules for passwords, locked accounts

Revision ID: 0002
Revises: 0001

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_set_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("must_change_password", sa.Boolean(), nullable=True))
    # Nobody knows when a password of before was set; the account's own age is the most it can be.
    users = sa.table(
        "users",
        sa.column("password_set_at", sa.DateTime()),
        sa.column("created_at", sa.DateTime()),
        sa.column("must_change_password", sa.Boolean()),
    )
    op.execute(users.update().values(password_set_at=users.c.created_at, must_change_password=sa.false()))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("password_set_at", existing_type=sa.DateTime(), nullable=False)
        batch_op.alter_column("must_change_password", existing_type=sa.Boolean(), nullable=False)
        batch_op.drop_column("stamp")

    op.create_table(
        "former_passwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_former_passwords_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_passwords")),
    )
    with op.batch_alter_table("former_passwords", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_passwords_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("in_a_row", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("since_sign_in", sa.Integer(), nullable=False),
        sa.Column("unrecorded", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_refusals_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_refusals")),
        sa.UniqueConstraint("user_id", name=op.f("uq_sign_in_refusals_user_id")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column(
            "ended_for",
            sa.Enum(
                "signed_out",
                "idle",
                "age",
                "password",
                "elsewhere",
                "administrator",
                name="signinend",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)


def downgrade():
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))

    op.drop_table("sign_ins")
    op.drop_table("sign_in_refusals")
    with op.batch_alter_table("former_passwords", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_passwords_user_id"))

    op.drop_table("former_passwords")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stamp", sa.String(length=32), nullable=True))
    # Any text does: it only has to differ from what an old cookie says, which ends every session.
    op.execute("UPDATE users SET stamp = '0002'")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("stamp", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("must_change_password")
        batch_op.drop_column("password_set_at")
