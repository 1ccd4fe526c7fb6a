"""The balances: what pages read instead of entries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class Balance(Base):
    """Differences of a period at a unit, its own and those of all units below, in ten-thousandths.

    The key is laid out so that everything about one unit and plan is one range. ``category_id`` is
    0 for the indicator's total, which alone carries the counts of units. See
    :mod:`tracker.domain.rollup` for what the columns add up to.
    """

    __tablename__ = "balances"
    __table_args__ = ({"sqlite_with_rowid": False},)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    ends_on: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    denominator: Mapped[int] = mapped_column(BigInteger)
    covered: Mapped[int]
    not_applicable: Mapped[int]
    reported: Mapped[int]
