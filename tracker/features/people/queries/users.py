"""Reading users as far as an administrator's scope reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Label, Select, case, false, func, or_, select

from tracker.core.access import EVERYWHERE, Scope, within
from tracker.core.audit import AuditRecord
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.history import HistoryRow, history_of
from tracker.core.pinyin import answers_to
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.holdings import Term, UserState
from tracker.domain.roles import Permission, Role
from tracker.features.accounts.models import Grant, Refusals, User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.people.models import Invitation
from tracker.features.people.queries.invitations import latest_invitations

MANAGE = Permission.MANAGE_USERS
_UNIT = (OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.name_en, OrgUnit.kind, OrgUnit.path)


@dataclass(frozen=True)
class Question:
    """What a list of users is asked for; None asks for everything."""

    words: str | None = None
    role: Role | None = None
    unit: UnitRow | None = None
    state: UserState | None = None


@dataclass(frozen=True)
class GrantRow:
    """A role at a unit, as lists and pages show it."""

    id: int
    role: Role
    unit: UnitRow
    term: Term


@dataclass(frozen=True)
class PersonRow:
    """A user in a list, with the grants that the asker may see; ``is_elsewhere``: there are others."""

    username: str
    name: str
    name_en: str | None
    state: UserState
    grants: tuple[GrantRow, ...]
    is_elsewhere: bool


@dataclass(frozen=True)
class Person:
    """One user as an administrator sees them; ``is_elsewhere``: some grants lie outside the scope."""

    user: User
    state: UserState
    grants: tuple[GrantRow, ...]
    is_elsewhere: bool
    invitation: Invitation | None
    locked_until: datetime | None


def state_on(moment: datetime) -> Label[str]:
    """The same as :func:`state_of`, for lists."""
    locked = select(Refusals.id).where(Refusals.user_id == User.id, Refusals.locked_until > moment)
    return case(
        (User.disabled_at.is_not(None), UserState.DISABLED.value),
        (User.awaits_password, UserState.INVITED.value),
        (locked.exists(), UserState.LOCKED.value),
        else_=UserState.ACTIVE.value,
    ).label("state")


def is_over_the_house(scope: Scope) -> bool:
    """Whether users are managed at the top: there, those who hold nothing at all are seen as well."""
    return any(path == EVERYWHERE or path.count("/") == 1 for path in scope.paths(MANAGE))


def list_people(scope: Scope, asked: Question, *, today: date, limit: int, offset: int) -> list[PersonRow]:
    """Users who hold, or held, something in scope; by user name."""
    listed = _listed(scope, asked, today)
    rows = db.session.execute(listed.order_by(User.username).limit(limit).offset(offset)).all()
    grants = _grants_of([row.id for row in rows])
    found = []
    for row in rows:
        inside = tuple(one for one in grants[row.id] if scope.allows(MANAGE, one.unit.path))
        elsewhere = len(inside) < len(grants[row.id])
        state = UserState(row.state)
        found.append(PersonRow(row.username, row.label, row.label_en, state, inside, elsewhere))
    return found


def count_people(scope: Scope, asked: Question, *, today: date) -> dict[UserState, int]:
    """How many users are in each state, whatever state is asked for."""
    question = Question(asked.words, asked.role, asked.unit)
    listed = _listed(scope, question, today).subquery()
    rows = db.session.execute(select(listed.c.state, func.count()).group_by(listed.c.state))
    return {UserState(state): int(count) for state, count in rows}


def get_person(scope: Scope, username: str) -> Person:
    """The user of this name. Raises :class:`NotFoundError` when there is none in scope."""
    return get_people(scope, [username.strip().lower()])[0]


def get_people(scope: Scope, usernames: Sequence[str]) -> list[Person]:
    """The users of these names, in their order, with as many statements as for one.

    Raises :class:`NotFoundError` as :func:`get_person` does.
    """
    users = {
        user.username: user
        for user in db.session.scalars(select(User).where(User.username.in_(usernames))).unique()
    }
    ids = [user.id for user in users.values()]
    grants, invitations, moment = _grants_of(ids), latest_invitations(ids), now()
    refused = select(Refusals.user_id, Refusals.locked_until).where(
        Refusals.user_id.in_(ids), Refusals.locked_until > moment
    )
    locked = {row.user_id: row.locked_until for row in db.session.execute(refused)}
    found = []
    for name in usernames:
        user = users.get(name)
        every = grants[user.id] if user else []
        inside = tuple(one for one in every if scope.allows(MANAGE, one.unit.path))
        if user is None or not (inside or (not every and is_over_the_house(scope))):
            raise NotFoundError(N_("There is no user %(name)s."), name=name)
        state = _state(user, is_locked=user.id in locked)
        ends = locked.get(user.id) if state is UserState.LOCKED else None
        elsewhere = len(inside) < len(every)
        found.append(Person(user, state, inside, elsewhere, invitations.get(user.id), ends))
    return found


def own_grants(user: User) -> tuple[GrantRow, ...]:
    """Everything that the user holds, for themselves to see."""
    return tuple(_grants_of([user.id])[user.id])


def get_managed(scope: Scope, username: str) -> Person:
    """The user of this name, if everything they hold lies in scope, so that they may be changed."""
    person = get_person(scope, username)
    if person.is_elsewhere:
        raise RuleError(
            N_(
                "This user also holds roles outside your area. "
                "Only an administrator of a higher unit can change them."
            )
        )
    return person


def state_of(user: User) -> UserState:
    """Where the user stands; a lock after wrong passwords ends by itself."""
    return _state(user, is_locked=locked_until(user) is not None)


def _state(user: User, *, is_locked: bool) -> UserState:
    if user.disabled_at is not None:
        return UserState.DISABLED
    if user.awaits_password:
        return UserState.INVITED
    return UserState.LOCKED if is_locked else UserState.ACTIVE


def locked_until(user: User) -> datetime | None:
    """When the account's lock after wrong passwords ends; None when it is not locked."""
    return db.session.scalar(
        select(Refusals.locked_until).where(Refusals.user_id == user.id, Refusals.locked_until > now())
    )


def history_of_user(scope: Scope, user: User, *, limit: int) -> list[HistoryRow]:
    """What has been done about a user, the latest first; nothing about units outside the scope."""
    inside = select(OrgUnit.id).where(scope.clause(MANAGE, OrgUnit.path))
    seen = or_(AuditRecord.unit_id.is_(None), AuditRecord.unit_id.in_(inside))
    return history_of(f"user {user.username}", among=seen, limit=limit)


def units_in(paths: Sequence[str]) -> list[UnitRow]:
    """The units of these subtrees, by path: each right below the one above it."""
    inside = or_(*(within(OrgUnit.path, path) for path in paths)) if paths else false()
    query = select(*_UNIT).where(inside).order_by(OrgUnit.path)
    return [UnitRow(*row) for row in db.session.execute(query)]


def other_administrators(user: User, *, today: date) -> int:
    """How many others can sign in today and hold administrator at a top unit for good."""
    query = (
        select(func.count(func.distinct(User.id)))
        .join(Grant, Grant.user_id == User.id)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(
            User.id != user.id,
            User.disabled_at.is_(None),
            User.awaits_password.is_(False),
            Grant.role == Role.ADMINISTRATOR,
            OrgUnit.parent_id.is_(None),
            Grant.ends_on.is_(None),
            or_(Grant.starts_on.is_(None), Grant.starts_on <= today),
        )
    )
    return db.session.scalar(query) or 0


def _listed(scope: Scope, asked: Question, today: date) -> Select[int, str, str, str | None, str]:
    held = (
        select(Grant.id)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(Grant.user_id == User.id, scope.clause(MANAGE, OrgUnit.path))
    )
    seen: ColumnElement[bool]
    if asked.role is not None or asked.unit is not None:
        held = held.where(or_(Grant.ends_on.is_(None), Grant.ends_on >= today))
        if asked.role is not None:
            held = held.where(Grant.role == asked.role)
        if asked.unit is not None:
            held = held.where(within(OrgUnit.path, asked.unit.path))
        seen = held.exists()
    elif is_over_the_house(scope):
        nothing = ~select(Grant.id).where(Grant.user_id == User.id).exists()
        seen = or_(held.exists(), nothing)
    else:
        seen = held.exists()
    state = state_on(now())
    query = select(User.id, User.username, User.label, User.label_en, state).where(seen)
    if asked.words:
        found = [
            user_id
            for user_id, username, *labels, _ in db.session.execute(query)
            if answers_to(asked.words, username, username, *labels)
        ]
        query = query.where(User.id.in_(found))
    return query.where(state.element == asked.state.value) if asked.state else query


def _grants_of(user_ids: Sequence[int]) -> dict[int, list[GrantRow]]:
    """Every grant of these users, in the order of the tree."""
    found: dict[int, list[GrantRow]] = defaultdict(list)
    for user_id, grant_id, role, starts_on, ends_on, *unit in db.session.execute(
        select(Grant.user_id, Grant.id, Grant.role, Grant.starts_on, Grant.ends_on, *_UNIT)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(Grant.user_id.in_(user_ids))
        .order_by(OrgUnit.path, Grant.role)
    ):
        found[user_id].append(GrantRow(grant_id, role, UnitRow(*unit), Term(starts_on, ends_on)))
    return found
