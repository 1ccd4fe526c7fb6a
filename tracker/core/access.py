"""Who may: scopes that rows are reached through, and the permission that stands on every view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, current_app
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.clock import today
from tracker.domain.roles import Permission, Role, permissions_of

P = ParamSpec("P")
R = TypeVar("R")

EVERYWHERE = ""
"""The path of the whole house, above every unit."""


def within(column: InstrumentedAttribute[str], path: str) -> ColumnElement[bool]:
    """Rows whose path lies in the subtree of ``path``: a range, which the index serves.

    Paths end with '/', and '0' is the character after it.
    """
    if path == EVERYWHERE:
        return true()
    return and_(column >= path, column < path[:-1] + "0")


@dataclass(frozen=True)
class Hold:
    """A role held at a unit's path, and so for everything below it."""

    role: Role
    path: str


@dataclass(frozen=True)
class Scope:
    """All that one person holds."""

    holds: tuple[Hold, ...] = ()

    def paths(self, permission: Permission) -> tuple[str, ...]:
        """The subtrees in which the permission holds, none inside another."""
        found = sorted({hold.path for hold in self.holds if permission in permissions_of(hold.role)})
        return tuple(p for p in found if not any(p != top and p.startswith(top) for top in found))

    def allows(self, permission: Permission, path: str) -> bool:
        """Whether the permission holds at a unit's path."""
        return any(path.startswith(top) for top in self.paths(permission))

    def allows_somewhere(self, permission: Permission) -> bool:
        """Whether the permission holds anywhere at all."""
        return bool(self.paths(permission))

    def clause(self, permission: Permission, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition on a unit's path column that keeps rows in scope."""
        paths = self.paths(permission)
        return or_(*(within(column, path) for path in paths)) if paths else false()


WHOLE_HOUSE = Scope(tuple(Hold(role, EVERYWHERE) for role in Role))
"""The scope of an operator at the command line."""


def current_scope() -> Scope:
    """The scope of whoever is signed in, read anew for each request: what is held today."""
    if not current_user.is_authenticated:
        return Scope()
    scope: Scope = current_user.scope_on(today())
    return scope


def requires(
    permission: Permission,
    *,
    where: Callable[[Scope], bool] | None = None,
    offered: Callable[[], bool] | None = None,
    or_else: Permission | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only those in who hold the permission somewhere; rows are then reached through the scope.

    What belongs to no single place says by ``where`` what else a scope must hold. What is of use for
    a time only says by ``offered`` whether links lead to it. Whoever holds ``or_else`` comes in as
    well: the view leads them to where that permission belongs.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]  # the extension is untyped
            scope = current_scope()
            held = [one for one in (permission, or_else) if one and scope.allows_somewhere(one)]
            if not held or (where is not None and not where(scope)):
                abort(403)
            return view(*args, **kwargs)

        guarded.where = where  # type: ignore[attr-defined]  # a mark on a view
        guarded.offered = offered  # type: ignore[attr-defined]  # a mark on a view
        return _mark(guarded, permission)

    return decorate


def is_open_to(view: Callable[..., object], scope: Scope) -> bool:
    """Whether a link to a view should be shown: its own condition lets this scope in, and it is of use."""
    where: Callable[[Scope], bool] | None = getattr(view, "where", None)
    offered: Callable[[], bool] | None = getattr(view, "offered", None)
    return (where is None or where(scope)) and (offered is None or offered())


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let everyone in who is signed in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]  # the extension is untyped
        return view(*args, **kwargs)

    return _mark(guarded, "signed_in")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Say plainly that a view is open to everyone."""
    return _mark(view, "public")


def _mark(view: Callable[P, R], needs: str) -> Callable[P, R]:
    view.needs = needs  # type: ignore[attr-defined]  # a mark on a view
    return view
