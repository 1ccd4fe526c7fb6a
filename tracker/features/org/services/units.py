"""Adding units and changing what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.units import check_code, check_name, may_stand_under
from tracker.features.org.models import OrgUnit, UnitKind, UnitPlace
from tracker.features.org.queries import (
    UnitRow,
    kinds_around,
    misplaced,
    overfull,
    root_unit,
    unit_with_code,
)


@dataclass(frozen=True)
class UnitDraft:
    """What a unit is to be called, and to be."""

    code: str
    name: str
    kind: UnitKind
    name_en: str | None = None

    @property
    def shown(self) -> dict[str, str | None]:
        """Its fields by name, as the audit record keeps them."""
        return {"code": self.code, "name": self.name, "name_en": self.name_en, "kind": self.kind.value}


def add_unit(
    code: str, name: str, kind: UnitKind, *, parent_code: str | None, name_en: str | None = None, actor: Actor
) -> OrgUnit:
    """Add a unit below ``parent_code``, or a root. Raises :class:`RuleError` for a code that is taken.

    The plain step, for loaders that bring their own codes; people add units by :func:`found_unit`.
    """
    if unit_with_code(code) is not None:
        raise RuleError(N_("The unit code %(code)s is taken. Choose another."), field="code", code=code)
    parent = None
    if parent_code is not None:
        parent = db.session.scalar(select(OrgUnit).where(OrgUnit.code == parent_code))
        if parent is None:
            raise RuleError(N_("There is no unit %(code)s."), field="parent", code=parent_code)
        if parent.retired_on is not None:
            raise RuleError(
                N_("%(unit)s is retired from %(day)s on. Choose another unit."),
                field="parent",
                unit=parent_code,
                day=parent.retired_on.isoformat(),
            )
    unit = OrgUnit(code=code, name=name, name_en=name_en, kind=kind, path=f"?{code}")
    unit.parent_id = parent.id if parent else None
    db.session.add(unit)
    db.session.flush()
    # The path holds the unit's own id, which exists only now.
    unit.path = f"{parent.path if parent else ''}{unit.id}/"
    if parent is not None and parent.placed_on is not None:
        _share_places(unit, parent)
    db.session.flush()
    shown = {"name": name, "name_en": name_en, "kind": kind.value, "parent": parent_code}
    record(
        "unit.add",
        actor=actor,
        subject=f"unit {code}",
        unit_id=unit.id,
        changes={field: (None, value) for field, value in shown.items() if value},
    )
    return unit


def _share_places(unit: OrgUnit, parent: OrgUnit) -> None:
    """A unit added below one that was moved stood where that one stood: it has no past of its own."""
    unit.placed_on = parent.placed_on
    places = db.session.scalars(
        select(UnitPlace).where(UnitPlace.unit_id == parent.id).order_by(UnitPlace.until_on)
    ).all()
    db.session.add_all(
        UnitPlace(
            unit_id=unit.id,
            until_on=place.until_on,
            from_on=place.from_on,
            parent_id=parent.id,
            path=f"{place.path}{unit.id}/",
        )
        for place in places
    )


def found_unit(draft: UnitDraft, parent: UnitRow | None, *, actor: Actor) -> OrgUnit:
    """Add a unit as people do, with every rule checked; without a parent only while there is no unit at all.

    Raises :class:`RuleError`, with the field that is wrong.
    """
    _check(draft)
    if parent is None and root_unit() is not None:
        raise RuleError(N_("There is a highest unit already. Add this one below another."), field="parent")
    if not may_stand_under(draft.kind, parent.kind if parent else None):
        raise misplaced(draft.kind, parent.kind if parent else None)
    return add_unit(
        draft.code,
        draft.name,
        draft.kind,
        parent_code=parent.code if parent else None,
        name_en=draft.name_en,
        actor=actor,
    )


def change_unit(unit: UnitRow, draft: UnitDraft, *, seen: str, code_agreed: bool, actor: Actor) -> None:
    """Change names, kind or code of a unit, as it was when ``seen`` was shown.

    Another code needs ``code_agreed``, since programs and workbooks know the unit by it. Raises
    :class:`StaleError` when the unit has changed since, and :class:`RuleError` with the field that is
    wrong.
    """
    if seen != unit.seen:
        raise StaleError(N_("Someone else has changed this unit in the meantime. Compare, then save again."))
    _check(draft)
    if draft.code != unit.code:
        if not code_agreed:
            raise RuleError(
                N_("To change the code, tick that you know what depends on it."), field="code_agreed"
            )
        found = unit_with_code(draft.code)
        if found is not None and found.id != unit.id:
            raise RuleError(
                N_("The unit code %(code)s is taken. Choose another."), field="code", code=draft.code
            )
    check_kind(unit, draft.kind)
    write_unit(unit, draft, actor=actor)


def check_kind(unit: UnitRow, kind: UnitKind) -> None:
    """Raise :class:`RuleError` when a unit cannot become one of this kind where it stands."""
    if kind is unit.kind:
        return
    above, below = kinds_around(unit)
    if not may_stand_under(kind, above):
        raise misplaced(kind, above)
    _check_below(kind, below)


def _check_below(kind: UnitKind, below: Iterable[UnitKind]) -> None:
    if not all(may_stand_under(child, kind) for child in below):
        raise overfull()


def write_unit(unit: UnitRow, draft: UnitDraft, *, actor: Actor) -> None:
    """Write what differs, with its record; nothing when nothing does."""
    before = UnitDraft(unit.code, unit.name, unit.kind, unit.name_en).shown
    changes = {name: (before[name], value) for name, value in draft.shown.items() if value != before[name]}
    if not changes:
        return
    row = db.session.get_one(OrgUnit, unit.id)
    row.code, row.name, row.name_en, row.kind = draft.code, draft.name, draft.name_en, draft.kind
    db.session.flush()
    record("unit.change", actor=actor, subject=f"unit {draft.code}", unit_id=unit.id, changes=changes)


def _check(draft: UnitDraft) -> None:
    check_code(draft.code)
    check_name(draft.name)
    if draft.name_en is not None:
        check_name(draft.name_en, "name_en")
