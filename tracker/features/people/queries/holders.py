"""Who holds roles at a unit, for the page of the unit, which knows no users itself."""

from __future__ import annotations

from sqlalchemy import or_, select

from tracker.core.access import Scope
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.domain.holdings import Term, UserState
from tracker.features.accounts.models import Grant, User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UNIT_COLUMNS, Holder, UnitRow
from tracker.features.people.queries.users import MANAGE, state_on


def holders_of_unit(scope: Scope, unit: UnitRow) -> list[Holder]:
    """Roles that count at the unit today or later: its own first, then those from the nearest unit above.

    Only grants at units where the asker manages users; whoever holds something further up stays unseen.
    """
    rows = db.session.execute(
        select(
            *(User.username, User.label, User.label_en, state_on(now())),
            *(Grant.role, Grant.starts_on, Grant.ends_on),
            *UNIT_COLUMNS,
        )
        .join(Grant, Grant.user_id == User.id)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(
            Grant.unit_id.in_(unit.line),
            scope.clause(MANAGE, OrgUnit.path),
            or_(Grant.ends_on.is_(None), Grant.ends_on >= today()),
        )
        .order_by(User.username)
    )
    found = [
        Holder(username, name, name_en, UserState(state), role, UnitRow(*at), Term(starts_on, ends_on))
        for username, name, name_en, state, role, starts_on, ends_on, *at in rows
    ]
    return sorted(found, key=lambda one: (-len(one.unit.line), one.role))
