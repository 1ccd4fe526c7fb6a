"""What was imported: the batches, and which revisions of entries each of them made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of
from tracker.domain.review import ReportState


class IntakeBatch(Base):
    """One import. ``unit_id`` is the lowest unit that holds all units of the file; ``digest`` the SHA-256.

    ``into`` is the state that its reports were taken to; ``version`` is 0 until it is withdrawn.
    """

    __tablename__ = "intake_batches"
    __table_args__ = (Index(None, "made_by_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), index=True)
    file_name: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    into: Mapped[ReportState] = mapped_column("into_state", enum_of(ReportState, name="intostate"))
    because: Mapped[str | None] = mapped_column(String(500))
    reports: Mapped[int]
    units: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    stale: Mapped[int]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class IntakeRevision(Base):
    """A revision of an entry that a batch made, or that it found and confirmed (not ``is_written``).

    ``was_carried`` says whether the entry held a value before that was carried over and not confirmed.
    """

    __tablename__ = "intake_revisions"
    __table_args__ = (Index(None, "entry_id"), {"sqlite_with_rowid": False})

    batch_id: Mapped[int] = mapped_column(ForeignKey("intake_batches.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    number: Mapped[int]
    is_written: Mapped[bool] = mapped_column(default=True, server_default=true())
    was_carried: Mapped[bool] = mapped_column(default=False, server_default=false())
