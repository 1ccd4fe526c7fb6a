"""Changing the tree."""

from __future__ import annotations

from sqlalchemy import select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.org.models import OrgUnit, UnitKind, UnitPlace


def add_unit(
    code: str, name: str, kind: UnitKind, *, parent_code: str | None, name_en: str | None = None, actor: Actor
) -> OrgUnit:
    """Add a unit below ``parent_code``, or a root. Raises :class:`RuleError` for a code that is taken."""
    if db.session.scalar(select(OrgUnit.id).where(OrgUnit.code == code)) is not None:
        raise RuleError(N_("The code %(code)s is taken. Choose another."), field="code", code=code)
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
    record("unit.add", actor=actor, subject=f"unit {code}", unit_id=unit.id, changes={"name": (None, name)})
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
