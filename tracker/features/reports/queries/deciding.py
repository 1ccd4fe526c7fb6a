"""Who decides about a report, and what waits for whom: in two steps, those near the unit and then the office.

The office of a plan are the reviewers whose role is held at the plan's unit or above, which is: no lower in
the tree. Rights follow the places of today, so a unit that was moved is looked after by its new line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from tracker.core.access import EVERYWHERE, Scope, within
from tracker.core.db import db
from tracker.domain.review import WAITING, ReportState, Reviewer, Step, deciders, decision_due
from tracker.domain.roles import Permission, permissions_of
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow, depth_of
from tracker.features.people.queries import has_reviewer_from, has_reviewer_within, reviewers_at
from tracker.features.plans.models import Period, Plan
from tracker.features.plans.queries import Name, PlanRow, open_periods
from tracker.features.reports.models import Report, ReportTally
from tracker.features.reports.queries.sheet import ReportHandle

Owner = aliased(OrgUnit)
"""The unit whose plan it is."""


def reviewers_of(unit: UnitRow, plan: PlanRow) -> list[Reviewer]:
    """Everybody who can review the unit's reports of the plan today, by user name."""
    return _reviewers(reviewers_at(unit.line), unit.line, len(_office_of(unit, plan)))


def deciders_of(report: ReportHandle) -> tuple[Step | None, list[Reviewer]]:
    """What is to be decided about a report next, and in a review of two steps who can do it."""
    step = decision_due(report.state, steps=report.plan.review_steps)
    if step is None or report.report is None:
        return step, []
    seen = {"submitted_by": report.report.submitted_by_id, "seen_by": report.report.checked_by_id}
    return step, able_to(step, report, **seen)


def able_to(
    step: Step, report: ReportHandle, *, submitted_by: int | None = None, seen_by: int | None = None
) -> list[Reviewer]:
    """Who can take a step in a review of two, for pages; in one step nobody is asked for, since all can."""
    steps = report.plan.review_steps
    if steps == 1:
        return []
    reviewers = reviewers_of(report.unit, report.plan)
    return deciders(step, reviewers, steps=steps, submitted_by=submitted_by, seen_by=seen_by)


def checker_of(report: ReportHandle) -> Name | None:
    """Who checked the report as the first of two; none for an operator of the server."""
    if report.report is None or report.report.checked_by_id is None:
        return None
    row = db.session.execute(select(User.label, User.label_en).where(User.id == report.report.checked_by_id))
    return Name(*row.one())


def is_office(scope: Scope, unit: UnitRow, plan: PlanRow) -> bool:
    """Whether a scope reviews the unit for the office of the plan."""
    depth = len(_office_of(unit, plan))
    return any(_depth(path) <= depth for path in _held(scope) if unit.path.startswith(path))


def _office_of(unit: UnitRow, plan: PlanRow) -> tuple[int, ...]:
    """The units of the unit's line at which the office of the plan holds its role."""
    if plan.unit_id in unit.line:
        return unit.line[: unit.line.index(plan.unit_id) + 1]
    path = db.session.scalars(select(OrgUnit.path).where(OrgUnit.id == plan.unit_id)).one()
    return unit.line[: _depth(path)]


def steps_offered(scope: Scope, report_ids: Collection[int], *, by: int) -> dict[int, Step]:
    """What the user ``by`` of this scope can decide next about which of these reports of open periods."""
    rows = db.session.execute(
        select(
            Report.id,
            Report.state,
            Report.submitted_by_id,
            Report.checked_by_id,
            Plan.review_steps,
            OrgUnit.path,
            depth_of(Owner.path),
            has_reviewer_within(OrgUnit.path, above=Owner.path, but=Report.submitted_by_id),
        )
        .select_from(Report)
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .where(Report.id.in_(report_ids), Report.state.in_(WAITING), open_periods())
    ).all()
    # Who else reviews there is asked only where somebody looks at what they did themselves.
    own = {unit_id for row in rows if by in row[2:4] for unit_id in _ids(row[5])}
    reviewers = reviewers_at(own) if own else {}
    found: dict[int, Step] = {}
    for report_id, state, submitted_by, checked_by, steps, path, office, has_near in rows:
        step = decision_due(state, steps=steps)
        if step is None:
            continue
        if by in (submitted_by, checked_by):
            here = _reviewers(reviewers, _ids(path), office)
            able = deciders(step, here, steps=steps, submitted_by=submitted_by, seen_by=checked_by)
            is_able = any(one.id == by for one in able)
        else:
            depths = [_depth(held) for held in _held(scope) if path.startswith(held)]
            is_check = step is Step.CHECK and has_near
            is_able = any(steps == 1 or (depth > office if is_check else depth <= office) for depth in depths)
        if is_able:
            found[report_id] = step
    return found


def approvals_wait(scope: Scope) -> bool:
    """Whether reports that passed the first check wait for this scope as the office of their plan."""
    paths = sorted(_held(scope))
    if not paths:
        return False
    found = db.session.scalar(
        select(Report.id)
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .where(Report.state == ReportState.CHECKED, open_periods(), decided_from(paths))
        .limit(1)
    )
    return found is not None


@dataclass(frozen=True)
class Post:
    """A unit at which somebody reviews: its depth, and that of the next one above where they do as well."""

    unit_id: int
    depth: int
    above: int = 0

    def decides(self, state: ReportState, *, steps: int, office: int) -> bool:
        """Whether a report below is counted here, so that no report is counted at two posts.

        ``office`` is the depth of the plan's unit: with two steps the check waits for those who review
        from below it, the approval for the others.
        """
        if steps == 1:
            return self.above == 0 and state in WAITING
        if state is ReportState.SUBMITTED:
            return self.above <= office < self.depth
        return state is ReportState.CHECKED and self.above == 0 and self.depth <= office

    def waits(self, state: SQLColumnExpression[ReportState]) -> ColumnElement[bool]:
        """The same as :meth:`decides`, asked of the database."""
        office = depth_of(Owner.path)
        near = and_(Plan.review_steps == 2, state == ReportState.SUBMITTED)
        checks = and_(near, office >= self.above, office < self.depth)
        if self.above:
            return checks
        approves = and_(Plan.review_steps == 2, state == ReportState.CHECKED, office >= self.depth)
        return or_(and_(Plan.review_steps == 1, state.in_(WAITING)), approves, checks)


def posts_of(scope: Scope) -> list[Post]:
    """Where this scope reviews, also below where it does already: there it checks what it approves above."""
    held = _held(scope) - {EVERYWHERE}
    return [
        Post(
            int(path.rstrip("/").rsplit("/", 1)[-1]),
            _depth(path),
            max((_depth(each) for each in held if each != path and path.startswith(each)), default=0),
        )
        for path in sorted(held)
    ]


def unchecked_below(scope: Scope) -> ScalarSelect[int]:
    """How many checks wait for this scope as the office since nobody nearer reviews, to be asked along."""
    held = sorted(_held(scope) - {EVERYWHERE})
    near = or_(*(and_(within(OrgUnit.path, path), depth_of(Owner.path) < _depth(path)) for path in held))
    return (
        _counted(scope, ReportState.SUBMITTED)
        .where(
            decided_from(held),
            ~near,  # Counted there already.
            ~has_reviewer_within(OrgUnit.path, above=Owner.path, but=Report.submitted_by_id),
        )
        .scalar_subquery()
    )


def refused_below(scope: Scope, *, by: int) -> ScalarSelect[int]:
    """How many approvals wait at the office that the user ``by`` is refused, to be asked along: of two steps.

    They checked or submitted the report themselves, and a third user reviews for the office.
    """
    held = sorted(_held(scope) - {EVERYWHERE})
    others = has_reviewer_from(OrgUnit.path, office=Owner.path, but=Report.submitted_by_id, nor=by)
    return (
        _counted(scope, ReportState.CHECKED)
        .where(
            decided_from(held),
            or_(Report.submitted_by_id == by, and_(Report.checked_by_id == by, others)),
        )
        .scalar_subquery()
    )


def decided_from(paths: Sequence[str]) -> ColumnElement[bool]:
    """Whether a unit lies below one of these paths, and who reviews from there is of the plan's office."""
    found = (and_(within(OrgUnit.path, path), depth_of(Owner.path) >= _depth(path)) for path in paths)
    return or_(false(), *found)


def _counted(scope: Scope, state: ReportState) -> Select[int]:
    """Counts reports in this state, of open periods and plans of two steps, where this scope reviews."""
    # The tallies know the few periods in which anything waits, so that years gone by are passed over.
    waiting = select(ReportTally.period_id).where(
        ReportTally.unit_id.in_([post.unit_id for post in posts_of(scope)]),
        ReportTally.state == state,
        ReportTally.reports > 0,
    )
    return (
        select(func.count())
        .select_from(Report)
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .where(Period.id.in_(waiting), Plan.review_steps == 2, Report.state == state, open_periods())
    )


def _reviewers(
    found: Mapping[tuple[int, str], AbstractSet[int]], line: Sequence[int], office: int
) -> list[Reviewer]:
    """Those who review a unit of this line, the first ``office`` units of which are the plan's and above."""
    above, below = set(line[:office]), set(line[office:])
    return [
        Reviewer(user_id, name, bool(held & above), bool(held & below))
        for (user_id, name), held in found.items()
        if held & (above | below)
    ]


def _ids(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/") if part)


def _held(scope: Scope) -> set[str]:
    """The paths at which a scope reviews, also those inside one another."""
    return {hold.path for hold in scope.holds if Permission.REVIEW_REPORTS in permissions_of(hold.role)}


def _depth(path: str) -> int:
    return path.count("/")
