"""The periodic sheet: report, entry, revision, and the tally of reports up the tree."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of
from tracker.domain.review import Outcome, ReportState
from tracker.domain.rollup import ValueState


class Report(Base):
    """One unit's sheet for one period. ``version`` grows with every change of the sheet.

    ``odd`` says how many values were odd when the sheet was submitted. ``handed_in_on`` is the local day
    on which it was first submitted, which a return leaves as it is: whoever mends is not late for that.
    ``checked_at`` and who by tell of the first of two steps of review, since it was submitted last.
    """

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("unit_id", "period_id"), Index(None, "period_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    state: Mapped[ReportState] = mapped_column(enum_of(ReportState))
    version: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    odd: Mapped[int] = mapped_column(default=0, server_default="0")
    handed_in_on: Mapped[date | None]


class Entry(Base):
    """One value: unit, indicator, category and period.

    ``state`` and the columns beside it hold what was entered last (no state: left blank);
    ``counted_*`` what is approved and so stands in the balances. Unit, plan and last day repeat
    the report's, so that a unit's series is one range of one index. ``touched`` grows with what
    changes in a cell without a new revision: a text that could not be read, or whether its value
    was carried over (``is_carried``) and nobody has confirmed it yet. When the report was returned
    last, the entry stood at ``returned_revision``, and ``return_reason`` says what is to be mended in
    it. An entry that never held anything but such a text, or that was returned blank, has revision 0.
    """

    __tablename__ = "entries"
    __table_args__ = (Index(None, "unit_id", "plan_id", "ends_on"), Index(None, "report_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    ends_on: Mapped[date]
    state: Mapped[ValueState | None] = mapped_column(enum_of(ValueState))
    value: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    touched: Mapped[int] = mapped_column(default=0, server_default="0")
    is_carried: Mapped[bool] = mapped_column(default=False, server_default=false())
    counted_state: Mapped[ValueState | None] = mapped_column(enum_of(ValueState, name="countedstate"))
    counted_value: Mapped[Decimal | None]
    counted_denominator: Mapped[Decimal | None]
    return_reason: Mapped[str | None] = mapped_column(String(500))
    returned_revision: Mapped[int | None]


Index(
    "uq_entries_cell",
    Entry.report_id,
    Entry.indicator_id,
    func.coalesce(Entry.category_id, text("0")),
    unique=True,
)


class EntryDraft(Base):
    """What somebody typed into a cell and the rules refused, as it was typed, until it is mended."""

    __tablename__ = "entry_drafts"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    whole: Mapped[str] = mapped_column(String(200))
    is_na: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(String(500))
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    typed_at: Mapped[datetime]


class EntryRevision(Base):
    """What an entry held at one time; never changed but for when it began and ceased to count."""

    __tablename__ = "entry_revisions"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[ValueState | None] = mapped_column(enum_of(ValueState))
    value: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(String(500))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    uncounted_at: Mapped[datetime | None]


class Correction(Base):
    """A value proposed for a cell of an approved report; what it corrects counts until it is approved.

    ``revision`` is that of the entry it is to take the place of, 0 for a cell that was left blank.
    ``state`` and the columns beside it are what is to count, none for nothing.
    """

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "report_id"), Index(None, "outcome"))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    revision: Mapped[int]
    state: Mapped[ValueState | None] = mapped_column(enum_of(ValueState, name="correctedstate"))
    value: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(String(500))
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(500))


class ReportTally(Base):
    """How many reports at or below a unit are in each state for a period; derived from the reports."""

    __tablename__ = "report_tallies"
    # What waits in any period is found without looking at the periods that are done.
    __table_args__ = (Index("ix_report_tallies_waiting", "unit_id", "state", "reports"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    state: Mapped[ReportState] = mapped_column(enum_of(ReportState), primary_key=True)
    reports: Mapped[int]


class Evidence(Base):
    """A file that bears a figure out: unit, indicator, category and period, with whose words and when.

    No category: it is for the indicator as a whole. ``source_sha256`` is that of the file as it was
    handed in. What was withdrawn stays, with who, when and why.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "unit_id", "period_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), index=True)
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str]
    caption: Mapped[str]
    taken_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
