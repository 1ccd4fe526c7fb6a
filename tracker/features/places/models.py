"""Which unit goes on for one that is no more; past places stand with the tree itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class UnitMerger(Base):
    """A unit that was merged into another, which goes on for it from a day on."""

    __tablename__ = "unit_mergers"
    __table_args__ = (Index(None, "successor_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    merged_on: Mapped[date]
