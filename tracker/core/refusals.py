"""What somebody asked for and was not allowed to see or do, kept in the audit log."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from tracker.core.audit import LONGEST_SUBJECT, AuditRecord, record
from tracker.core.clock import now
from tracker.core.db import db, writing

ACTION = "access.refused"

PAUSE = timedelta(minutes=1)
MOST_IN_PAUSE = 10
"""Records that one user can cause in a minute, whatever addresses are tried."""


def record_refusal() -> None:
    """Record that the running request was refused: its path, never its query, which may hold secrets.

    The same user and path are recorded once a minute. The refusal itself stands in any case: when
    nothing can be written, the log of the server says so and the answer goes out as it is.
    """
    if not current_user.is_authenticated:
        return
    subject = f"address {request.path}"[:LONGEST_SUBJECT]
    try:
        # Asked before the lock is taken, so that knocking on a door does not keep others from writing.
        if _is_known(current_user.username, subject):
            return
        with writing():
            if not _is_known(current_user.username, subject):
                record(
                    ACTION,
                    actor=current_user,
                    subject=subject,
                    changes={"method": (None, request.method)},
                )
            db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        current_app.logger.warning("a refusal of %s could not be recorded: %s", request.path, error)


def _is_known(username: str, subject: str) -> bool:
    """Whether this was recorded a moment ago, or so much else of this user that it is enough."""
    lately = select(func.count()).where(
        AuditRecord.at > now() - PAUSE,
        AuditRecord.actor_name == username,
        AuditRecord.action == ACTION,
    )
    same = db.session.scalar(lately.where(AuditRecord.subject == subject))
    return bool(same) or (db.session.scalar(lately) or 0) >= MOST_IN_PAUSE
