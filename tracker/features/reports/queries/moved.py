"""Reports of periods in which a unit stood elsewhere.

Tallies stand where the unit stood, tasks follow the rights of today: whoever looks after a unit now has
its older reports to do as well, and whoever did before has them no longer. Only moved units differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.places import line_on
from tracker.domain.review import HANDED_IN, WAITING
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import depth_of
from tracker.features.places.queries import places_of, units_by_id
from tracker.features.plans.models import Assignment, Indicator, Period, Plan
from tracker.features.plans.queries import is_asked, open_periods
from tracker.features.reports.models import Report, ReportTally
from tracker.features.reports.queries.deciding import posts_of


def submitted_elsewhere(scope: Scope) -> int:
    """Reports waiting for this scope by the places of today, less those by the places of their periods.

    As with what they are added to, only open periods count.
    """
    # By what waits at the moved units themselves, so that their years gone by are passed over.
    waiting = db.session.execute(
        select(Report.unit_id, Period.ends_on, Report.state, Plan.review_steps, depth_of(OrgUnit.path))
        .select_from(ReportTally)
        .join(
            Report,
            and_(
                Report.unit_id == ReportTally.unit_id,
                Report.period_id == ReportTally.period_id,
                Report.state == ReportTally.state,
            ),
        )
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(OrgUnit, OrgUnit.id == Plan.unit_id)
        .where(
            ReportTally.unit_id.in_(select(UnitPlace.unit_id)),
            ReportTally.state.in_(WAITING),
            ReportTally.reports > 0,
            open_periods(),
        )
    ).all()
    if not waiting:
        return 0
    places = places_of({row[0] for row in waiting})
    units = units_by_id(places)
    found = 0
    posts = posts_of(scope)
    for unit_id, ends_on, state, steps, office in waiting:
        mine = {post.unit_id for post in posts if post.decides(state, steps=steps, office=office)}
        now, then = set(units[unit_id].line), set(line_on(places[unit_id], ends_on))
        found += len(mine & now) - len(mine & then)
    return found


def unfinished_elsewhere(tops: Sequence[int], *, since: date, until: date) -> int:
    """The same for reports begun by ``until`` and not handed in, of plans that end on ``since`` or later.

    ``tops`` are the units at or below which they are counted. A unit that moved took what stands below it
    along, so it is looked for by its id: its earlier paths are others, but what is kept of it is the same.
    """
    asked = (
        select(Assignment.unit_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(
            Assignment.unit_id == UnitPlace.unit_id, Indicator.plan_id == Plan.id, is_asked(Period.ends_on)
        )
        .exists()
    )
    # Places that were left before any of these plans began are passed over.
    first_day = select(func.min(Plan.starts_on)).where(Plan.ends_on >= since).scalar_subquery()
    rows = db.session.execute(
        select(OrgUnit.path, UnitPlace.path, Plan.unit_id)
        .select_from(UnitPlace)
        .join(OrgUnit, OrgUnit.id == UnitPlace.unit_id)
        .join(Period, and_(_stood_there(), Period.starts_on <= until, Period.is_expected, open_periods()))
        .join(Plan, and_(Plan.id == Period.plan_id, Plan.ends_on >= since))
        .outerjoin(Report, and_(Report.unit_id == UnitPlace.unit_id, Report.period_id == Period.id))
        .where(
            UnitPlace.until_on > first_day,
            or_(Report.id.is_(None), Report.state.not_in(HANDED_IN)),
            or_(OrgUnit.retired_on.is_(None), OrgUnit.retired_on > Period.ends_on),
            asked,
        )
    )
    return sum(
        _counted_at(now, tops) - _counted_at(then, tops)
        for now, then, owner in rows
        if f"/{owner}/" in f"/{then}"
    )


def _stood_there() -> ColumnElement[bool]:
    return and_(
        UnitPlace.until_on > Period.ends_on,
        or_(UnitPlace.from_on.is_(None), UnitPlace.from_on <= Period.ends_on),
    )


def _counted_at(path: str, tops: Sequence[int]) -> int:
    """At how many of the units it is counted: of two that stood one below the other at both."""
    return sum(f"/{top}/" in f"/{path}" for top in tops)
