"""A plan and everything in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.periods import Frequency
from tracker.domain.schedule import Schedule

DUE_WORKDAYS = 5
"""How many working days after a period's last day its reports are due, unless the plan says otherwise."""


class Plan(Base):
    """One unit's programme for a span of dates; limits are gaps in percentage points.

    A period's reports are due at the end of the ``due_workdays``-th working day after its last day; the
    period locks itself at the end of the ``lock_workdays``-th one after that, never where there is none.
    ``asks_why_behind``: whoever submits has to say a sentence on each indicator that is behind.
    Its reports are reviewed in ``review_steps`` steps, one or two.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="span"),
        Index(None, "unit_id", "ends_on"),
        Index(None, "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    frequency: Mapped[Frequency] = mapped_column(enum_of(Frequency))
    amber_limit: Mapped[Decimal] = mapped_column(default=Decimal(0))
    red_limit: Mapped[Decimal] = mapped_column(default=Decimal(-10))
    due_workdays: Mapped[int] = mapped_column(default=DUE_WORKDAYS, server_default=str(DUE_WORKDAYS))
    lock_workdays: Mapped[int | None]
    asks_why_behind: Mapped[bool] = mapped_column(default=False, server_default=false())
    review_steps: Mapped[int] = mapped_column(default=1, server_default="1")


class Pillar(Base):
    """First level of a plan (抓手)."""

    __tablename__ = "pillars"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    position: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str | None]


initiative_support = Table(
    "initiative_support",
    Base.metadata,
    Column("initiative_id", ForeignKey("initiatives.id"), primary_key=True),
    Column("unit_id", ForeignKey("org_units.id"), primary_key=True),
)
"""The units that support an initiative beside its lead."""


class Initiative(Base):
    """Second level of a plan (举措)."""

    __tablename__ = "initiatives"
    __table_args__ = (UniqueConstraint("pillar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pillar_id: Mapped[int] = mapped_column(ForeignKey("pillars.id"))
    position: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str | None]
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_units.id"))
    accountable: Mapped[str | None]
    due_on: Mapped[date | None]


class Indicator(Base):
    """What is counted, and how.

    ``guide`` helps whoever fills it in: where the figure comes from, examples, whom to ask.
    It is asked for in periods that end from ``from_on`` until before ``retired_on``, and listed for
    those data dates; none: from the plan's first day, to its last.
    """

    __tablename__ = "indicators"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        CheckConstraint("decimals >= 0 AND decimals <= 4", name="decimals"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    number: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str]
    name_en: Mapped[str | None]
    definition: Mapped[str] = mapped_column(Text, default="")
    definition_en: Mapped[str | None] = mapped_column(Text)
    guide: Mapped[str | None] = mapped_column(Text)
    guide_en: Mapped[str | None] = mapped_column(Text)
    measure: Mapped[Measure] = mapped_column(enum_of(Measure))
    direction: Mapped[Direction] = mapped_column(enum_of(Direction))
    schedule: Mapped[Schedule] = mapped_column(enum_of(Schedule))
    unit_of_measure: Mapped[str] = mapped_column(String(32))
    unit_of_measure_en: Mapped[str | None] = mapped_column(String(32))
    decimals: Mapped[int]
    reported_as: Mapped[ReportedAs] = mapped_column(enum_of(ReportedAs), default=ReportedAs.INCREASE)
    may_be_negative: Mapped[bool] = mapped_column(default=False)
    may_exceed: Mapped[bool] = mapped_column(default=False)
    needs_evidence: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_on: Mapped[date | None]
    from_on: Mapped[date | None]
    retired_on: Mapped[date | None]
    origin: Mapped[Origin | None] = mapped_column(enum_of(Origin))


class IndicatorReplacement(Base):
    """An indicator that took another one's place from a day on; each keeps its own figures."""

    __tablename__ = "indicator_replacements"
    __table_args__ = (UniqueConstraint("predecessor_id"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"))
    from_on: Mapped[date]


class Category(Base):
    """One division of an indicator."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("indicator_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"))
    position: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str | None]


class Assignment(Base):
    """A unit that reports an indicator."""

    __tablename__ = "assignments"
    __table_args__ = (Index(None, "unit_id"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)


FOREVER = date(9999, 12, 31)
"""The end of what holds until something changes it."""


class TargetChange(Base):
    """What a unit is to reach from a day on, as somebody set it; rows are only ever added.

    Of the rows up to a day, the one with the latest ``from_on`` is in force, and of several for the
    same day the one recorded last: a correction is a new row, and so is taking a target away (none).
    ``recorded_at`` is none for what was set before the history was kept.
    """

    __tablename__ = "target_changes"
    __table_args__ = (Index(None, "unit_id", "indicator_id"), Index(None, "indicator_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"))
    from_on: Mapped[date]
    target: Mapped[Decimal | None]
    baseline: Mapped[Decimal | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Target(Base):
    """What a unit is to reach during a run of days, and what is derived for it from the units below.

    All of it is derived: target and baseline are the change in force, ``below_*`` add up the aims of
    the units right below, and ``reporters`` counts the units at or below that report the indicator.
    They are written with every change below, so that reading a unit's aim on a day costs one row
    however large the tree; a row may exist for these alone, and where there is nothing there is none.
    The first row begins with the plan, the last one holds for ever.
    """

    __tablename__ = "targets"
    # Laid out so that everything about one unit and plan is one range.
    __table_args__ = (Index(None, "indicator_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date] = mapped_column(default=FOREVER)
    target: Mapped[Decimal | None]
    baseline: Mapped[Decimal | None]
    below_target: Mapped[Decimal | None]
    below_baseline: Mapped[Decimal | None]
    reporters: Mapped[int] = mapped_column(default=0)


class PlanReach(Base):
    """How many units at or below this one report something of the plan during a run of days; derived."""

    __tablename__ = "plan_reaches"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date] = mapped_column(default=FOREVER)
    reporters: Mapped[int]


class CurvePoint(Base):
    """Planned cumulative share (0 to 1) at the end of a day, for the schedule 'curve'."""

    __tablename__ = "curve_points"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    share: Mapped[Decimal]


class Period(Base):
    """A span of days that is reported together; due at the end of ``due_on``.

    ``due_by_hand`` says that the day was chosen for this period alone and does not follow the plan's
    rule; ``lock_reason`` is why the period is locked; ``version`` grows with every change. ``is_locked``
    is what somebody did; beyond ``open_until`` the period counts as locked without anybody's doing.
    ``kept_open`` was reopened by hand, so that the plan's rule no longer locks it. Reports are asked
    for from the plan's first period to report on: of the ones before, ``is_expected`` is false. These are
    never due, missing or late and do not lock themselves; what is reported of them counts all the same.
    """

    __tablename__ = "periods"
    __table_args__ = (UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "ends_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    code: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    due_on: Mapped[date]
    due_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_locked: Mapped[bool] = mapped_column(default=False)
    lock_reason: Mapped[str | None] = mapped_column(Text)
    open_until: Mapped[date | None]
    kept_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_expected: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=0, server_default="0")
