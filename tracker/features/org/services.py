"""Changing the tree."""

from __future__ import annotations

from sqlalchemy import select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.org.models import OrgUnit, UnitKind


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
    unit = OrgUnit(code=code, name=name, name_en=name_en, kind=kind, path=f"?{code}")
    unit.parent_id = parent.id if parent else None
    db.session.add(unit)
    db.session.flush()
    # The path holds the unit's own id, which exists only now.
    unit.path = f"{parent.path if parent else ''}{unit.id}/"
    db.session.flush()
    record("unit.add", actor=actor, subject=f"unit {code}", unit_id=unit.id, changes={"name": (None, name)})
    return unit
