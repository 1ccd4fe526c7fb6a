"""Days that are not what Monday to Friday would make them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of


class DaySource(StrEnum):
    """Where a day of the calendar comes from."""

    PUBLISHED = "published"
    OWN = "own"


class CalendarDay(Base):
    """A named day off, or a swapped working day (调休). ``version`` grows with every change."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str]
    name_en: Mapped[str | None]
    source: Mapped[DaySource] = mapped_column(enum_of(DaySource))
    version: Mapped[int] = mapped_column(default=0)
