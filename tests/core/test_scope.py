"""Scopes: a subtree is a range of paths, and holds exactly what lies in it."""

from __future__ import annotations

from sqlalchemy import select

from tests.kit.house import House
from tracker.core.access import EVERYWHERE, Hold, Scope, within
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Permission, Role
from tracker.features.org.models import OrgUnit, UnitKind
from tracker.features.org.services import add_unit


def many_units() -> list[str]:
    """Paths of a tree in which many ids begin with the digits of another: 2 and 20 to 29, 3 and 30 …"""
    with writing():
        add_unit("R", "根", UnitKind.CITY, parent_code=None, actor=HOUSE)
        for number in range(2, 40):
            add_unit(f"U{number}", "单位", UnitKind.COMMUNITY, parent_code="R", actor=HOUSE)
        for number in (2, 3, 19, 20, 21):
            add_unit(f"U{number}-1", "小区", UnitKind.COMPOUND, parent_code=f"U{number}", actor=HOUSE)
        db.session.commit()
    return list(db.session.scalars(select(OrgUnit.path)))


def test_a_subtree_holds_exactly_what_lies_below(blank: House) -> None:
    with blank.inside():
        paths = many_units()
        for top in [*paths, EVERYWHERE]:
            found = set(db.session.scalars(select(OrgUnit.path).where(within(OrgUnit.path, top))))
            assert found == {path for path in paths if path.startswith(top)}, top


def test_a_scope_lets_through_what_its_roles_hold_and_nothing_else(blank: House) -> None:
    with blank.inside():
        paths = many_units()
        two = next(path for path in paths if path.count("/") == 2)
        scope = Scope((Hold(Role.REPORTER, two), Hold(Role.OFFICIAL, paths[-1])))
        for permission in Permission:
            allowed = {path for path in paths if scope.allows(permission, path)}
            clause = scope.clause(permission, OrgUnit.path)
            assert set(db.session.scalars(select(OrgUnit.path).where(clause))) == allowed
        assert not scope.allows_somewhere(Permission.REVIEW_REPORTS)
        nothing = Scope().clause(Permission.SEE_PROGRESS, OrgUnit.path)
        assert list(db.session.scalars(select(OrgUnit.path).where(nothing))) == []
