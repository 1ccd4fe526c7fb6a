"""audit records form a chain that the database guards

Revision ID: 0004
Revises: 0003

"""

import hashlib
import json

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
ROWS_AT_ONCE = 1000

RECORDS = sa.table(
    "audit_records",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime),
    sa.column("actor_id", sa.Integer),
    sa.column("actor_name", sa.String),
    sa.column("source", sa.String),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("unit_id", sa.Integer),
    sa.column("difference", sa.Text),
    sa.column("previous_hash", sa.String),
    sa.column("hash", sa.String),
)

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_records_never_change BEFORE UPDATE ON audit_records "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END",
        "CREATE TRIGGER audit_records_never_replace BEFORE INSERT ON audit_records "
        "WHEN EXISTS (SELECT 1 FROM audit_records WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END",
        "CREATE TRIGGER audit_records_never_go BEFORE DELETE ON audit_records "
        "WHEN OLD.id >= COALESCE((SELECT first_number FROM audit_chain WHERE id = 1), 0) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never removed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_records_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "IF OLD.id < (SELECT first_number FROM audit_chain WHERE id = 1) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'audit records are never removed'; END IF; "
        "RAISE EXCEPTION 'audit records are never changed'; END $$",
        "CREATE TRIGGER audit_records_never_change BEFORE UPDATE OR DELETE ON audit_records "
        "FOR EACH ROW EXECUTE FUNCTION audit_records_guard()",
        "CREATE TRIGGER audit_records_never_empty BEFORE TRUNCATE ON audit_records "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_records_guard()",
    ),
}

UNGUARDS = {
    "sqlite": (
        "DROP TRIGGER audit_records_never_change",
        "DROP TRIGGER audit_records_never_replace",
        "DROP TRIGGER audit_records_never_go",
    ),
    "postgresql": (
        "DROP TRIGGER audit_records_never_change ON audit_records",
        "DROP TRIGGER audit_records_never_empty ON audit_records",
        "DROP FUNCTION audit_records_guard()",
    ),
}


def upgrade():
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    chain = op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("changed_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    number, end = chain_records(op.get_bind())
    op.bulk_insert(
        chain,
        [{"id": 1, "first_number": 1, "last_number": number, "last_hash": end, "changed_number": number}],
    )
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.alter_column("previous_hash", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_index(batch_op.f("ix_audit_records_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_records_actor_name"), ["actor_name"], unique=False)
    # Last of all, since making the table anew, as above, loses its triggers.
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def chain_records(bind):
    """Number and chain the records there are, in the order of their ids; (number, hash) of the last.

    This is form 1 of the chain, written out here because a migration must stay what it was.
    """
    number, end, seen = 0, GENESIS, 0
    change = (
        sa.update(RECORDS)
        .where(RECORDS.c.id == sa.bindparam("old"))
        .values(id=sa.bindparam("new"), previous_hash=sa.bindparam("before"), hash=sa.bindparam("own"))
    )
    while True:
        rows = bind.execute(
            sa.select(RECORDS).where(RECORDS.c.id > seen).order_by(RECORDS.c.id).limit(ROWS_AT_ONCE)
        ).all()
        if not rows:
            return number, end
        changes = []
        for row in rows:
            number, before = number + 1, end
            fields = [
                1,
                number,
                before,
                row.at.isoformat(timespec="microseconds") + "Z",
                row.actor_id,
                row.actor_name,
                row.source,
                row.action,
                row.subject,
                row.unit_id,
                row.difference,
            ]
            text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
            end = hashlib.sha256(text.encode()).hexdigest()
            # Numbers never rise, so none is taken when its turn comes.
            changes.append({"old": row.id, "new": number, "before": before, "own": end})
        bind.execute(change, changes)
        seen = rows[-1].id


def downgrade():
    for statement in UNGUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_records_actor_name"))
        batch_op.drop_index(batch_op.f("ix_audit_records_action"))
        batch_op.drop_column("hash")
        batch_op.drop_column("previous_hash")
    op.drop_table("audit_chain")
