"""The outline of a plan: pillars and initiatives, their names and order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import delete, func, insert, select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Indicator, Initiative, Pillar, Plan, initiative_support
from tracker.features.plans.queries import stamp_of, stamp_of_initiative, supporting_units
from tracker.features.plans.services.changes import Changes, check_name, check_unchanged, write_changes


class Move(StrEnum):
    """Which way something goes in its list."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class InitiativeDraft:
    """What an initiative is to be; ``accountable`` names an office, never a person."""

    name: str
    name_en: str | None = None
    lead_unit: UnitRow | None = None
    supporting: Sequence[UnitRow] = field(default_factory=tuple)
    accountable: str | None = None
    due_on: date | None = None


def add_pillar(plan: Plan, name: str, *, name_en: str | None = None, actor: Actor) -> Pillar:
    """Add a pillar at the end of the plan."""
    position = db.session.scalar(select(func.max(Pillar.position)).where(Pillar.plan_id == plan.id)) or 0
    pillar = Pillar(plan_id=plan.id, position=position + 1, name=check_name(name), name_en=name_en)
    db.session.add(pillar)
    db.session.flush()
    _record("pillar.add", plan, actor, {"pillar": (None, name)})
    return pillar


def edit_pillar(
    plan: Plan, pillar: Pillar, name: str, *, name_en: str | None, version: str, actor: Actor
) -> None:
    """Rename a pillar. Raises :class:`StaleError` for an older version."""
    check_unchanged(version, stamp_of(pillar))
    changes = write_changes(pillar, {"name": check_name(name), "name_en": name_en})
    if changes:
        _record("pillar.edit", plan, actor, {"pillar": (None, pillar.name), **changes})


def delete_pillar(plan: Plan, pillar: Pillar, *, actor: Actor) -> None:
    """Delete a pillar without initiatives. Raises :class:`RuleError` while it has some."""
    if db.session.scalar(select(Initiative.id).where(Initiative.pillar_id == pillar.id).limit(1)):
        raise RuleError(N_("Only an empty pillar can be deleted. Delete its initiatives first."))
    db.session.delete(pillar)
    db.session.flush()
    _record("pillar.delete", plan, actor, {"pillar": (pillar.name, None)})


def add_initiative(
    pillar: Pillar, name: str, *, name_en: str | None = None, lead_unit: UnitRow | None = None, actor: Actor
) -> Initiative:
    """Add an initiative at the end of the pillar."""
    position = db.session.scalar(
        select(func.max(Initiative.position)).where(Initiative.pillar_id == pillar.id)
    )
    initiative = Initiative(
        pillar_id=pillar.id,
        position=(position or 0) + 1,
        name=check_name(name),
        name_en=name_en,
        lead_unit_id=lead_unit.id if lead_unit else None,
    )
    db.session.add(initiative)
    db.session.flush()
    _record("initiative.add", _plan_of(pillar), actor, {"initiative": (None, name)})
    return initiative


def edit_initiative(
    plan: Plan, initiative: Initiative, draft: InitiativeDraft, *, version: str, actor: Actor
) -> None:
    """Change an initiative. Raises :class:`RuleError` for a due date outside the plan or a lead that
    supports itself, :class:`StaleError` for an older version.
    """
    check_unchanged(version, stamp_of_initiative(initiative))
    supports = supporting_units(initiative)
    check_due(plan, draft.due_on)
    wanted = sorted(unit.id for unit in draft.supporting)
    if draft.lead_unit is not None and draft.lead_unit.id in wanted:
        raise RuleError(
            N_("The lead unit does not support itself. Choose one of the two."), field="supporting"
        )
    names = _unit_codes([*wanted, *supports, initiative.lead_unit_id or 0])
    lead_before = names.get(initiative.lead_unit_id or 0)
    changes = write_changes(
        initiative,
        {
            "name": check_name(draft.name),
            "name_en": draft.name_en,
            "lead_unit_id": draft.lead_unit.id if draft.lead_unit else None,
            "accountable": draft.accountable,
            "due_on": draft.due_on,
        },
    )
    if changes.pop("lead_unit_id", None):
        changes["lead_unit"] = (lead_before, draft.lead_unit.code if draft.lead_unit else None)
    if wanted != supports:
        before, after = (" ".join(names[unit_id] for unit_id in ids) or None for ids in (supports, wanted))
        changes["supporting"] = (before, after)
        _write_support(initiative, wanted)
    if changes:
        _record("initiative.edit", plan, actor, {"initiative": (None, initiative.name), **changes})


def delete_initiative(plan: Plan, initiative: Initiative, *, actor: Actor) -> None:
    """Delete an initiative without indicators. Raises :class:`RuleError` while it has some."""
    if db.session.scalar(select(Indicator.id).where(Indicator.initiative_id == initiative.id).limit(1)):
        raise RuleError(N_("Only an empty initiative can be deleted. Delete its indicators first."))
    _write_support(initiative, [])
    db.session.delete(initiative)
    db.session.flush()
    _record("initiative.delete", plan, actor, {"initiative": (initiative.name, None)})


def move_part(plan: Plan, part: Pillar | Initiative | Indicator, move: Move, *, actor: Actor) -> None:
    """Let a pillar, initiative or indicator change places with its neighbour; at the end nothing happens."""
    beside = list(_beside(part))
    place = beside.index(part)
    other = place + (1 if move is Move.DOWN else -1)
    if not 0 <= other < len(beside):
        return
    beside[place], beside[other] = beside[other], beside[place]
    # Positions are unique, so everything steps aside before it takes its new place.
    places = sorted(one.position for one in beside)
    if len(set(places)) < len(places):
        places = list(range(1, len(places) + 1))
    for number, one in enumerate(beside, start=1):
        one.position = -number
    db.session.flush()
    for position, one in zip(places, beside, strict=True):
        one.position = position
    db.session.flush()
    kind = type(part).__name__.lower()
    action = f"{kind}.move"
    _record(action, plan, actor, {kind: (None, part.name), "place": (place + 1, other + 1)})


def check_due(plan: Plan, due_on: date | None) -> None:
    """Refuse a due date outside the plan."""
    if due_on is not None and not plan.starts_on <= due_on <= plan.ends_on:
        raise RuleError(
            N_("The due date lies outside the plan. Choose a day from %(first)s to %(last)s."),
            field="due_on",
            first=plan.starts_on,
            last=plan.ends_on,
        )


def _beside(part: Pillar | Initiative | Indicator) -> Sequence[Pillar | Initiative | Indicator]:
    """The list in which the part has its place, itself included."""
    if isinstance(part, Pillar):
        return db.session.scalars(
            select(Pillar).where(Pillar.plan_id == part.plan_id).order_by(Pillar.position)
        ).all()
    if isinstance(part, Initiative):
        return db.session.scalars(
            select(Initiative).where(Initiative.pillar_id == part.pillar_id).order_by(Initiative.position)
        ).all()
    return db.session.scalars(
        select(Indicator)
        .where(Indicator.initiative_id == part.initiative_id)
        .order_by(Indicator.position, Indicator.id)
    ).all()


def _write_support(initiative: Initiative, unit_ids: Sequence[int]) -> None:
    db.session.execute(delete(initiative_support).where(initiative_support.c.initiative_id == initiative.id))
    if unit_ids:
        db.session.execute(
            insert(initiative_support),
            [{"initiative_id": initiative.id, "unit_id": unit_id} for unit_id in unit_ids],
        )


def _unit_codes(unit_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(OrgUnit.id, OrgUnit.code).where(OrgUnit.id.in_(unit_ids)))
    return dict(rows.all())


def _plan_of(pillar: Pillar) -> Plan:
    return db.session.scalars(select(Plan).where(Plan.id == pillar.plan_id)).one()


def _record(action: str, plan: Plan, actor: Actor, changes: Changes) -> None:
    """Everything about the outline is a change of the plan, so that one list tells its story."""
    record(action, actor=actor, subject=f"plan {plan.code}", unit_id=plan.unit_id, changes=changes)
