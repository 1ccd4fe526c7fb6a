"""What every change of a user must keep to."""

from __future__ import annotations

from tracker.core.audit import Actor
from tracker.core.clock import today
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.people.queries import other_administrators


def begin_change(user: User, *, version: int, actor: Actor) -> None:
    """Refuse a change of oneself, or of another version than the one that was looked at; count it."""
    if actor.id == user.id:
        raise RuleError(N_("Nobody changes their own rights. Ask another administrator."))
    if version != user.version:
        raise StaleError(N_("This user has changed since you opened the page. Look again before you decide."))
    user.version += 1


def check_house_is_managed(user: User, grants: list[Grant]) -> None:
    """Refuse to take these grants away when nobody else administers the whole house from then on."""
    day = today()
    taken = [
        grant
        for grant in grants
        if grant.role is Role.ADMINISTRATOR and grant.unit.depth == 0 and grant.term.holds_on(day)
    ]
    if taken and user.is_active and other_administrators(user, today=day) == 0:
        raise RuleError(
            N_(
                "This is the last administrator of the whole house. "
                "Give the role to another user first, without a last day."
            )
        )
