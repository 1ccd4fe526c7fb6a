"""How Alembic reaches the database: the engine and tables of the running application."""

from __future__ import annotations

from alembic import context
from flask import current_app

from tracker.core.db import Base, db


def run() -> None:
    """Run the migrations on the application's own database."""
    if context.is_offline_mode():
        context.configure(
            url=current_app.config["SQLALCHEMY_DATABASE_URI"],
            target_metadata=Base.metadata,
            literal_binds=True,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
