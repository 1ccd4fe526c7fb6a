"""Counts of reports by state up the tree: read from the tallies, so that they cost the same anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.places import line_on
from tracker.domain.review import HANDED_IN, WAITING, ReportState
from tracker.domain.roles import Permission
from tracker.features.places.queries import places_of
from tracker.features.plans.models import Period, Plan, PlanReach
from tracker.features.plans.queries import PeriodRow, open_periods
from tracker.features.reports.models import Report, ReportTally
from tracker.features.reports.queries.corrections import corrections_below
from tracker.features.reports.queries.deciding import Owner, posts_of, refused_below, unchecked_below
from tracker.features.reports.queries.moved import submitted_elsewhere, unfinished_elsewhere

SETTLED_AFTER = timedelta(days=90)
"""What is missing of a plan that ended longer ago is nobody's task any more."""


def tallies(period_ids: Sequence[int], unit_ids: Sequence[int]) -> dict[tuple[int, ReportState], int]:
    """Reports at or below each unit by state, over the periods: by (unit id, state)."""
    rows = db.session.execute(
        select(ReportTally.unit_id, ReportTally.state, func.sum(ReportTally.reports))
        .where(ReportTally.unit_id.in_(unit_ids), ReportTally.period_id.in_(period_ids))
        .group_by(ReportTally.unit_id, ReportTally.state)
    )
    return {(unit_id, state): int(reports) for unit_id, state, reports in rows}


def tallies_by_period(period_ids: Sequence[int], unit_id: int) -> dict[tuple[int, ReportState], int]:
    """Reports at or below a unit by state, for each period: by (period id, state)."""
    rows = db.session.execute(
        select(ReportTally.period_id, ReportTally.state, ReportTally.reports).where(
            ReportTally.unit_id == unit_id, ReportTally.period_id.in_(period_ids)
        )
    )
    return {(period_id, state): reports for period_id, state, reports in rows}


def late_reports(period: PeriodRow, unit_ids: Sequence[int]) -> set[int]:
    """Which of the units handed their report of a period in after the end of its due day."""
    if not period.is_expected:
        return set()
    return set(
        db.session.scalars(
            select(Report.unit_id).where(
                Report.unit_id.in_(unit_ids),
                Report.period_id == period.id,
                Report.handed_in_on > period.due_on,
            )
        )
    )


def count_waiting(scope: Scope, *, by: int) -> int:
    """Reports and corrections of open periods that wait for the user ``by``, who holds this scope."""
    posts = posts_of(scope)
    if not posts:
        return 0
    paths = scope.paths(Permission.REVIEW_REPORTS)
    tallied = func.coalesce(func.sum(ReportTally.reports), 0)
    found = db.session.execute(
        select(tallied + corrections_below(paths) + unchecked_below(scope) - refused_below(scope, by=by))
        .join(Period, Period.id == ReportTally.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .where(
            open_periods(),
            ReportTally.unit_id.in_([post.unit_id for post in posts]),
            ReportTally.state.in_(WAITING),
            or_(
                *(and_(ReportTally.unit_id == post.unit_id, post.waits(ReportTally.state)) for post in posts)
            ),
            # Emptied tallies stay; the index passes over them.
            ReportTally.reports > 0,
        )
    )
    return int(found.scalar_one()) + submitted_elsewhere(scope)


def count_unfinished(paths: Sequence[str], *, until: date) -> int:
    """Reports begun by ``until``, at or below the units of these paths, not yet handed in.

    What is missing of a locked period can no longer be handed in and is not counted, nor is what nobody
    asks for since it lies before the plan's first period to report. Plans that
    ended long ago are settled and no longer counted, so that years gone by cost nothing.
    """
    ids = _ids(paths)
    # Plans still open are found first, by their last day, so that years gone by are passed over.
    still_open = select(Plan.id).where(Plan.ends_on >= until - SETTLED_AFTER)
    due = db.session.execute(
        select(Period.id, PlanReach.reporters)
        .join(Period, Period.plan_id == PlanReach.plan_id)
        .where(
            PlanReach.plan_id.in_(still_open),
            PlanReach.unit_id.in_(ids),
            Period.starts_on <= until,
            Period.is_expected,
            open_periods(),
            PlanReach.from_on <= Period.ends_on,
            PlanReach.until_on > Period.ends_on,
        )
    ).all()
    done = db.session.scalar(
        select(func.sum(ReportTally.reports)).where(
            ReportTally.unit_id.in_(ids),
            ReportTally.period_id.in_(sorted({period_id for period_id, _ in due})),
            ReportTally.state.in_(HANDED_IN),
        )
    )
    elsewhere = unfinished_elsewhere(ids, since=until - SETTLED_AFTER, until=until)
    return sum(reporters for _, reporters in due) - int(done or 0) + elsewhere


def _ids(paths: Sequence[str]) -> list[int]:
    return [int(path.rstrip("/").rsplit("/", 1)[-1]) for path in paths if path]


def tallies_from_reports() -> dict[tuple[int, int, ReportState], int]:
    """What the tallies should be, counted from the reports themselves, for checking."""
    found: dict[tuple[int, int, ReportState], int] = defaultdict(int)
    places = places_of()
    for unit_id, period_id, ends_on, state in db.session.execute(
        select(Report.unit_id, Report.period_id, Period.ends_on, Report.state).join(
            Period, Period.id == Report.period_id
        )
    ):
        for above in line_on(places[unit_id], ends_on):
            found[above, period_id, state] += 1
    return dict(found)


def tallies_kept() -> dict[tuple[int, int, ReportState], int]:
    """The tallies as they stand, the empty ones left out."""
    rows = db.session.execute(
        select(ReportTally.unit_id, ReportTally.period_id, ReportTally.state, ReportTally.reports).where(
            ReportTally.reports != 0
        )
    )
    return {(unit_id, period_id, state): reports for unit_id, period_id, state, reports in rows}
