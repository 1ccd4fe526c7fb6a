"""Defining indicators: what is counted, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.codes import check_code
from tracker.domain.curves import curve_days, even_curve
from tracker.domain.errors import N_, RuleError
from tracker.domain.meaning import Meaning, check_meaning, refused_changes
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.schedule import Schedule
from tracker.features.plans.models import (
    Category,
    CurvePoint,
    Indicator,
    Initiative,
    Plan,
)
from tracker.features.plans.queries import (
    Figures,
    categories_of,
    figures_of,
    meaning_of,
    stamp_of_indicator,
)
from tracker.features.plans.services.changes import (
    Changes,
    check_name,
    check_unchanged,
    readable,
    write_changes,
)
from tracker.features.plans.services.outline import check_due

_OWN = frozenset({"categories", "curve"})
"""What a draft holds that is kept in tables of its own."""


@dataclass(frozen=True)
class IndicatorDraft:
    """What an indicator is to be."""

    code: str
    name: str
    measure: Measure
    unit_of_measure: str
    decimals: int = 0
    name_en: str | None = None
    number: str | None = None
    definition: str = ""
    definition_en: str | None = None
    guide: str | None = None
    guide_en: str | None = None
    direction: Direction = Direction.AT_LEAST
    schedule: Schedule = Schedule.MONTH
    unit_of_measure_en: str | None = None
    reported_as: ReportedAs = ReportedAs.INCREASE
    may_be_negative: bool = False
    may_exceed: bool = False
    needs_evidence: bool = False
    due_on: date | None = None
    origin: Origin | None = None
    categories: Sequence[tuple[str, str | None]] = ()
    curve: Mapping[date, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class CategoryDraft:
    """A category as it is to be; ``id`` is None for a new one. Their order is that of the list."""

    id: int | None
    name: str
    name_en: str | None = None


class ManyRefusals(RuleError):
    """Several fields that are refused at once; ``by_field`` has the broken rule of each."""

    def __init__(self, by_field: dict[str, RuleError]) -> None:
        super().__init__(N_("Nothing was saved: some fields need to be mended first."))
        self.by_field = by_field


def add_indicator(plan: Plan, initiative: Initiative, draft: IndicatorDraft, *, actor: Actor) -> Indicator:
    """Add an indicator with its categories and curve.

    Raises :class:`RuleError` for a code that is taken, or parts that do not go together.
    """
    _check_code(plan, draft.code)
    check_due(plan, draft.due_on)
    check_meaning(_meaning(draft, frozenset()))
    _check_categories([name for name, _ in draft.categories])
    position = db.session.scalar(select(func.max(Indicator.position)).where(Indicator.plan_id == plan.id))
    values = {name: value for name, value in vars(draft).items() if name not in _OWN}
    indicator = Indicator(
        plan_id=plan.id,
        initiative_id=initiative.id,
        position=(position or 0) + 1,
        **{**values, "name": check_name(draft.name)},
    )
    db.session.add(indicator)
    db.session.flush()
    db.session.add_all(
        Category(indicator_id=indicator.id, position=place, name=name, name_en=name_en)
        for place, (name, name_en) in enumerate(draft.categories, start=1)
    )
    db.session.add_all(
        CurvePoint(indicator_id=indicator.id, day=day, share=share) for day, share in draft.curve.items()
    )
    db.session.flush()
    _lay_curve(plan, indicator)
    record(
        "indicator.add",
        actor=actor,
        subject=subject_of(plan, indicator),
        unit_id=plan.unit_id,
        changes={"name": (None, draft.name)},
    )
    return indicator


def edit_indicator(
    plan: Plan,
    indicator: Indicator,
    draft: IndicatorDraft,
    categories: Sequence[CategoryDraft],
    *,
    initiative: Initiative | None = None,
    figures: Figures | None = None,
    version: str,
    actor: Actor,
) -> None:
    """Change an indicator, and put it into another initiative if one is given.

    ``figures`` are those of the plan, where they are known already.
    Raises :class:`ManyRefusals` for changes of the meaning once figures have been entered,
    :class:`RuleError` for parts that do not go together, :class:`StaleError` for an older version.
    """
    old = categories_of(indicator)
    check_unchanged(version, stamp_of_indicator(indicator))
    kept = _known_ids(old, categories)
    # A new category has a mark of its own, which no kept one has.
    fresh = {-place for place, category in enumerate(categories, start=1) if category.id is None}
    after = _meaning(draft, frozenset(kept | fresh))
    has_figures = (figures or figures_of(plan.id)).has_kept(indicator.id)
    refused = refused_changes(meaning_of(indicator), after, has_figures=has_figures)
    if refused:
        raise ManyRefusals(refused)
    check_meaning(after)
    check_due(plan, draft.due_on)
    if draft.code != indicator.code:
        _check_code(plan, draft.code)
    _check_categories([category.name for category in categories])
    was = subject_of(plan, indicator)
    values = {name: value for name, value in vars(draft).items() if name not in _OWN | {"origin"}}
    changes = write_changes(indicator, {**values, "name": check_name(draft.name)})
    if initiative is not None and initiative.id != indicator.initiative_id:
        before = db.session.get_one(Initiative, indicator.initiative_id)
        changes["initiative"] = (before.name, initiative.name)
        indicator.initiative_id = initiative.id
        db.session.flush()
    changes |= _write_categories(indicator, old, categories)
    _lay_curve(plan, indicator)
    if changes:
        record("indicator.edit", actor=actor, subject=was, unit_id=plan.unit_id, changes=changes)


def subject_of(plan: Plan, indicator: Indicator) -> str:
    """The indicator's name in the audit log."""
    return f"indicator {plan.code}/{indicator.code}"


def _meaning(draft: IndicatorDraft, categories: frozenset[int]) -> Meaning:
    return Meaning(
        code=draft.code,
        measure=draft.measure,
        direction=draft.direction,
        reported_as=draft.reported_as,
        unit_of_measure=draft.unit_of_measure,
        decimals=draft.decimals,
        may_be_negative=draft.may_be_negative,
        may_exceed=draft.may_exceed,
        categories=categories,
    )


def _check_code(plan: Plan, code: str) -> None:
    check_code(code)
    taken = select(Indicator.id).where(Indicator.plan_id == plan.id, Indicator.code == code)
    if db.session.scalar(taken) is not None:
        raise RuleError(N_("The code %(code)s is taken. Choose another."), field="code", code=code)


def _check_categories(names: Sequence[str]) -> None:
    """Refuse blank names, one that stands twice, and a division into one part."""
    if any(not name.strip() for name in names):
        raise RuleError(N_("Every category needs a name."), field="categories")
    if len({name.strip() for name in names}) < len(names):
        raise RuleError(
            N_("Two categories have the same name. Whoever reports could not tell them apart."),
            field="categories",
        )
    if len(names) == 1:
        raise RuleError(N_("One category divides nothing. Enter at least two, or none."), field="categories")


def _known_ids(old: Sequence[Category], drafts: Sequence[CategoryDraft]) -> set[int]:
    """The ids of the categories that stay. Raises :class:`RuleError` for one that is not there."""
    ids = [draft.id for draft in drafts if draft.id is not None]
    if len(set(ids)) < len(ids) or not set(ids) <= {category.id for category in old}:
        raise RuleError(
            N_("One of the categories is no longer there. Open the page again."), field="categories"
        )
    return set(ids)


def _write_categories(
    indicator: Indicator, old: Sequence[Category], drafts: Sequence[CategoryDraft]
) -> Changes:
    """Rename, reorder, add and remove; the difference is told in one line."""
    said = " / ".join(category.name for category in old) or None
    wanted = [(draft.id, draft.name.strip(), draft.name_en) for draft in drafts]
    if wanted == [(category.id, category.name, category.name_en) for category in old]:
        return {}
    by_id = {category.id: category for category in old}
    for category in old:
        if category.id not in {draft.id for draft in drafts}:
            db.session.delete(by_id.pop(category.id))
        else:
            # Positions are unique, so everything steps aside before it takes its new place.
            category.position = -category.position
    db.session.flush()
    for place, (category_id, name, name_en) in enumerate(wanted, start=1):
        if category_id is None:
            db.session.add(Category(indicator_id=indicator.id, position=place, name=name, name_en=name_en))
        else:
            row = by_id[category_id]
            row.position, row.name, row.name_en = place, name, name_en
    db.session.flush()
    return {"categories": (said, readable(" / ".join(name for _, name, _ in wanted)))}


def _lay_curve(plan: Plan, indicator: Indicator) -> None:
    """An indicator that follows a curve has one from the start: an even one, until another is drawn."""
    has_points = select(CurvePoint.day).where(CurvePoint.indicator_id == indicator.id).limit(1)
    if indicator.schedule is not Schedule.CURVE or db.session.scalar(has_points) is not None:
        return
    curve = even_curve(curve_days(plan.starts_on, plan.ends_on))
    db.session.add_all(
        CurvePoint(indicator_id=indicator.id, day=day, share=share) for day, share in curve.items()
    )
    db.session.flush()
