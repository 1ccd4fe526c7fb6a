"""The unit tree: parent and materialised path, and dated facts of each unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of, path_type
from tracker.domain.units import FactKind, UnitKind

__all__ = ["OrgUnit", "UnitFact", "UnitKind", "UnitPlace"]


class OrgUnit(Base):
    """A node of the tree. ``path`` joins the ids from the root with '/', and ends with one.

    ``placed_on`` is the first day of the present place (none: from the beginning); earlier places are
    kept apart. ``retired_on`` is the first day on which the unit no longer is.
    """

    __tablename__ = "org_units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[UnitKind] = mapped_column(enum_of(UnitKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("org_units.id"), index=True)
    path: Mapped[str] = mapped_column(path_type(), unique=True)
    placed_on: Mapped[date | None]
    retired_on: Mapped[date | None]

    @property
    def depth(self) -> int:
        """0 for the root."""
        return self.path.count("/") - 1

    @property
    def line(self) -> tuple[int, ...]:
        """Ids from the root down to this unit."""
        return tuple(int(part) for part in self.path.split("/") if part)


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


class UnitFact(Base):
    """A number that describes a unit from a day on, until a later one of its kind takes over."""

    __tablename__ = "unit_facts"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    kind: Mapped[FactKind] = mapped_column(enum_of(FactKind))
    from_on: Mapped[date]
    value: Mapped[Decimal]
