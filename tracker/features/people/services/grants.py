"""Giving and taking roles at units."""

from __future__ import annotations

from datetime import date

from tracker.core.audit import Actor, record
from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.holdings import Holding, Term, check_term, check_together
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.services import end_sign_ins, grant_role
from tracker.features.org.queries import UnitRow
from tracker.features.people.services.guards import begin_change, check_house_is_managed


def add_grant(user: User, role: Role, unit: UnitRow, term: Term, *, version: int, actor: Actor) -> None:
    """Give the user a role at a unit for a time, if it may be held together with what they hold."""
    begin_change(user, version=version, actor=actor)
    check_term(term, today())
    check_together(Holding(role, unit.path, term), [grant.holding for grant in user.grants])
    grant_role(user, role, unit, term=term, actor=actor)


def end_grant(user: User, grant_id: int, last_day: date, *, version: int, actor: Actor) -> None:
    """Let a grant count for the last time on a day, today or later."""
    begin_change(user, version=version, actor=actor)
    grant = _grant(user, grant_id)
    if grant.term.is_over(today()):
        raise RuleError(N_("This role has already ended."), field="ends_on")
    check_term(Term(grant.starts_on, last_day), today())
    check_house_is_managed(user, [grant])
    before, grant.ends_on = grant.ends_on, last_day
    end_sign_ins(user, actor=actor)
    db.session.flush()
    _record("user.end_grant", user, grant, {"last day": (before, last_day)}, actor)


def remove_grant(user: User, grant_id: int, *, version: int, actor: Actor) -> None:
    """Take a grant away at once and for good. The last one stays, or nobody would find the user again."""
    begin_change(user, version=version, actor=actor)
    grant = _grant(user, grant_id)
    if len(user.grants) == 1:
        raise RuleError(
            N_(
                "This is the user's last role. "
                "Let it end instead, give another role first, or disable the user."
            )
        )
    check_house_is_managed(user, [grant])
    _record("user.remove_grant", user, grant, {}, actor)
    user.grants.remove(grant)
    end_sign_ins(user, actor=actor)
    db.session.flush()


def _grant(user: User, grant_id: int) -> Grant:
    found = next((grant for grant in user.grants if grant.id == grant_id), None)
    if found is None:
        raise NotFoundError(N_("This role is no longer there."))
    return found


def _record(
    action: str, user: User, grant: Grant, more: dict[str, tuple[object, object]], actor: Actor
) -> None:
    held = f"{grant.role} {grant.unit.code}"
    kept: dict[str, tuple[object, object]] = {"role": (held, held if more else None)}
    subject = f"user {user.username}"
    record(action, actor=actor, subject=subject, unit_id=grant.unit_id, changes=kept | more)
