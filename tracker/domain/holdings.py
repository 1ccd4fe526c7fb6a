"""Roles held at a place for a time: when they count, and which of them one person may not hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Role


class UserState(StrEnum):
    """Where a user stands between being invited and being switched off."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Term:
    """The days on which a role counts: first and last day included, None for no limit."""

    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the role counts on that day."""
        return not self.is_ahead(day) and not self.is_over(day)

    def is_ahead(self, day: date) -> bool:
        """Whether the role counts only later."""
        return self.starts_on is not None and day < self.starts_on

    def is_over(self, day: date) -> bool:
        """Whether the role has counted for the last time."""
        return self.ends_on is not None and day > self.ends_on

    def overlaps(self, other: Term) -> bool:
        """Whether there is a day on which both count."""
        return not (_ends_before(self, other) or _ends_before(other, self))


ALWAYS = Term()
"""Without a first or a last day."""


@dataclass(frozen=True)
class Holding:
    """A role held at a unit's path, and so for everything below it, for a time."""

    role: Role
    path: str
    term: Term = ALWAYS


def check_term(term: Term, today: date) -> None:
    """Refuse a last day that lies before the first, or in the past."""
    if term.starts_on and term.ends_on and term.ends_on < term.starts_on:
        raise RuleError(N_("The last day lies before the first day. Correct one of them."), field="ends_on")
    if term.is_over(today):
        raise RuleError(N_("The last day has passed. Choose today or a later day."), field="ends_on")


def check_together(new: Holding, held: Sequence[Holding]) -> None:
    """Refuse a role that must not be held together with one that the same person holds on the same day.

    Administrator and auditor exclude each other everywhere; reporter and reviewer where one of the
    two units lies in the other's subtree, since a figure needs a second pair of eyes.
    """
    for old in held:
        why_not = why_not_together(new, old)
        if why_not is not None:
            raise RuleError(why_not, field="role")


def why_not_together(one: Holding, other: Holding) -> str | None:
    """The sentence of the rule that keeps two roles of one person apart; None where none does."""
    if not one.term.overlaps(other.term):
        return None
    roles = {one.role, other.role}
    if roles == {Role.ADMINISTRATOR, Role.AUDITOR}:
        return N_(
            "Administrator and auditor are kept apart, so that nobody audits their own work. "
            "Choose another user, or end the other role first."
        )
    if roles == {Role.REPORTER, Role.REVIEWER} and _one_inside_other(one.path, other.path):
        return N_(
            "Nobody reviews figures that they report themselves. "
            "Choose another user or unit, or end the other role first."
        )
    return None


def stand_apart(held: Sequence[Holding]) -> bool:
    """Whether one person may hold all of these together."""
    return all(why_not_together(one, other) is None for one, other in combinations(held, 2))


def _ends_before(first: Term, second: Term) -> bool:
    return first.ends_on is not None and second.starts_on is not None and first.ends_on < second.starts_on


def _one_inside_other(path: str, other: str) -> bool:
    return path.startswith(other) or other.startswith(path)
