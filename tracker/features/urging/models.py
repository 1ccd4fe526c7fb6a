"""Reminders, with who gave them and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class Urge(Base):
    """A unit was reminded of its report for a period; once a day at most."""

    __tablename__ = "urges"
    __table_args__ = (UniqueConstraint("unit_id", "period_id", "urged_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    urged_on: Mapped[date]
    urged_at: Mapped[datetime]
    urged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
