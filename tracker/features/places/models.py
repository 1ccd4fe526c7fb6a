"""Past places in the tree; the present one stands with the unit itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, path_type


class UnitPlace(Base):
    """Where a unit stood until a day, the first on which it no longer did; kept for all that moved with it.

    ``from_on`` is none for its first place. The stays of a unit follow each other without a gap, and
    the present one begins on its ``placed_on``.
    """

    __tablename__ = "unit_places"
    __table_args__ = (Index(None, "parent_id", "until_on"), Index(None, "until_on"))

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    until_on: Mapped[date] = mapped_column(primary_key=True)
    from_on: Mapped[date | None]
    parent_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    path: Mapped[str] = mapped_column(path_type())

    @property
    def line(self) -> tuple[int, ...]:
        """Ids from the root down to the unit, as they were then."""
        return tuple(int(part) for part in self.path.split("/") if part)


class UnitMerger(Base):
    """A unit that was merged into another, which goes on for it from a day on."""

    __tablename__ = "unit_mergers"
    __table_args__ = (Index(None, "successor_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    merged_on: Mapped[date]
