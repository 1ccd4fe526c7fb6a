"""Reading units, always through a scope."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, bindparam, func, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.core.pinyin import answers_to
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit, UnitKind


@dataclass(frozen=True)
class NameWithCode:
    """A unit's name with its code, by which a sentence names it."""

    name: str
    name_en: str | None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class UnitRow:
    """A unit as pages and sheets show it.

    ``placed_on`` is the first day of its present place, none when it was never moved; ``retired_on`` the
    first day on which it no longer is.
    """

    id: int
    code: str
    name: str
    name_en: str | None
    kind: UnitKind
    path: str
    placed_on: date | None = None
    retired_on: date | None = None

    @property
    def line(self) -> tuple[int, ...]:
        """Ids from the root down to this unit."""
        return tuple(int(part) for part in self.path.split("/") if part)

    @property
    def with_code(self) -> NameWithCode:
        """Its name and code, in both languages."""
        return NameWithCode(
            f"{self.name}（{self.code}）", f"{self.name_en} ({self.code})" if self.name_en else None
        )

    def is_retired_on(self, day: date) -> bool:
        """Whether it no longer is on this day."""
        return self.retired_on is not None and self.retired_on <= day

    @property
    def seen(self) -> str:
        """What a form has shown of the unit, in short, by which a later change is noticed."""
        shown = repr((self.code, self.name, self.name_en, self.kind.value))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


UNIT_COLUMNS = (
    OrgUnit.id,
    OrgUnit.code,
    OrgUnit.name,
    OrgUnit.name_en,
    OrgUnit.kind,
    OrgUnit.path,
    OrgUnit.placed_on,
    OrgUnit.retired_on,
)
"""What a :class:`UnitRow` is made from."""

UnitColumns = tuple[int, str, str, str | None, UnitKind, str, date | None, date | None]


def depth_of(path: SQLColumnExpression[str]) -> ColumnElement[int]:
    """How many units a path names, which is how many a :class:`UnitRow`'s line holds."""
    return func.length(path) - func.length(func.replace(path, "/", ""))


_BY_CODE = select(*UNIT_COLUMNS).where(OrgUnit.code == bindparam("code"))
"""Made once: nearly every page and every change begins with it."""


def unit_row(row: Row[*UnitColumns]) -> UnitRow:
    """The dataclass of a database row."""
    return UnitRow(*row)


def get_unit(scope: Scope, permission: Permission, code: str) -> UnitRow:
    """The unit of this code. Raises :class:`NotFoundError` when there is none in scope."""
    found = db.session.connection().execute(_BY_CODE, {"code": code}).first()
    unit = unit_row(found) if found else None
    if unit is None or not scope.allows(permission, unit.path):
        raise NotFoundError(N_("There is no unit %(code)s."), code=code)
    return unit


def unit_named(unit_id: int) -> UnitRow:
    """The unit of this id, to be named in a sentence about something that is in scope itself."""
    return unit_row(db.session.execute(select(*UNIT_COLUMNS).where(OrgUnit.id == unit_id)).one())


def top_units(scope: Scope, permission: Permission) -> list[UnitRow]:
    """The highest units in which the permission holds, by path."""
    paths = scope.paths(permission)
    if "" in paths:
        return _rows(select(*UNIT_COLUMNS).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.path))
    return _rows(select(*UNIT_COLUMNS).where(OrgUnit.path.in_(paths)).order_by(OrgUnit.path))


def ancestors(scope: Scope, permission: Permission, unit: UnitRow) -> list[UnitRow]:
    """The units above that are in scope, from the top."""
    return _rows(
        select(*UNIT_COLUMNS)
        .where(OrgUnit.id.in_(unit.line[:-1]), scope.clause(permission, OrgUnit.path))
        .order_by(OrgUnit.path)
    )


def children(scope: Scope, permission: Permission, unit: UnitRow) -> list[UnitRow]:
    """The units right below that are in scope, by code."""
    return _rows(
        select(*UNIT_COLUMNS)
        .where(OrgUnit.parent_id == unit.id, scope.clause(permission, OrgUnit.path))
        .order_by(OrgUnit.code)
    )


def holds_everywhere(scope: Scope, permission: Permission) -> bool:
    """Whether the permission is held at every unit that has none above it: over the whole house."""
    paths = db.session.scalars(select(OrgUnit.path).where(OrgUnit.parent_id.is_(None))).all()
    return bool(paths) and all(scope.allows(permission, path) for path in paths)


def units_in_scope(scope: Scope, permission: Permission) -> list[UnitRow]:
    """Every unit in scope, by code."""
    return _rows(select(*UNIT_COLUMNS).where(scope.clause(permission, OrgUnit.path)).order_by(OrgUnit.code))


def units_called(scope: Scope, permission: Permission, text: str) -> tuple[int, ...]:
    """The ids of the units in scope that are found by their names, their initials or their code."""
    rows = db.session.execute(
        select(OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.name_en)
        .where(scope.clause(permission, OrgUnit.path))
        .order_by(OrgUnit.id)
    )
    return tuple(row.id for row in rows if answers_to(text, row.code, row.name, row.name_en))


def units_by_code() -> dict[str, UnitRow]:
    """The whole tree by code, for loading and checking."""
    return {row.code: row for row in _rows(select(*UNIT_COLUMNS).order_by(OrgUnit.code))}


def root_unit() -> UnitRow | None:
    """The first unit without a parent: the one the product is named after."""
    rows = _rows(select(*UNIT_COLUMNS).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.path).limit(1))
    return rows[0] if rows else None


def root_code() -> str | None:
    """The code of the first unit without a parent, also where the tables are older than the program."""
    query = select(OrgUnit.code).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.path).limit(1)
    return db.session.scalar(query)


def unit_with_code(code: str) -> UnitRow | None:
    """The unit of this code, in scope or not, whatever the case of its letters."""
    rows = _rows(select(*UNIT_COLUMNS).where(func.lower(OrgUnit.code) == code.lower()).limit(1))
    return rows[0] if rows else None


def kinds_around(unit: UnitRow) -> tuple[UnitKind | None, list[UnitKind]]:
    """The kind of the unit above (None for a root) and the kinds right below, in scope or not."""
    above = unit.line[-2] if len(unit.line) > 1 else None
    kind = db.session.scalar(select(OrgUnit.kind).where(OrgUnit.id == above)) if above else None
    below = db.session.scalars(select(OrgUnit.kind).where(OrgUnit.parent_id == unit.id).distinct())
    return kind, sorted(below)


def _rows(query: Select[*UnitColumns]) -> list[UnitRow]:
    found: Sequence[Row[*UnitColumns]] = db.session.execute(query).all()
    return [unit_row(row) for row in found]
