"""What can they see and do? What can I see and do?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_login import current_user

from tracker.core.access import current_scope, requires, signed_in
from tracker.core.clock import today
from tracker.core.i18n import name_of
from tracker.core.paging import page_bounds
from tracker.domain.roles import Permission
from tracker.features.accounts.models import User
from tracker.features.people.pages import PageLinks, page_places, rights_page
from tracker.features.people.queries import GrantRow, get_person, own_grants, units_in
from tracker.features.people.views.users import bp


@bp.get("/people/users/<name>/rights")
@requires(Permission.MANAGE_USERS)
def rights(name: str) -> str:
    """What a user can see and do at the units in one's own area."""
    scope = current_scope()
    person = get_person(scope, name)
    paths = scope.paths(Permission.MANAGE_USERS)
    return _page(person.user, person.grants, paths, is_elsewhere=person.is_elsewhere)


@bp.get("/my-rights")
@signed_in
def my_rights() -> str:
    """What one can see and do oneself."""
    grants = own_grants(current_user)
    paths = sorted({hold.path for hold in current_scope().holds})
    return _page(current_user, grants, paths)


def _page(user: User, grants: Sequence[GrantRow], paths: Sequence[str], *, is_elsewhere: bool = False) -> str:
    """The page for the units of these subtrees, or the one of them that is asked for."""
    choices = units_in(paths)
    # Units without any right would bury the others; each can be asked for.
    held = [row.unit.path for row in grants]
    inside = [unit for unit in choices if any(unit.path.startswith(path) for path in held)]
    chosen = next((unit for unit in choices if unit.code == request.args.get("unit")), None)
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), len(inside), size)
    here: dict[str, Any] = {**(request.view_args or {})}

    def turn(page: int) -> str | None:
        return url_for(request.endpoint or "", **here, page=page) if 1 <= page <= pages else None

    page = rights_page(
        username=user.username,
        name=name_of(user),
        grants=grants,
        is_disabled=not user.is_active,
        is_elsewhere=is_elsewhere,
        is_own=request.endpoint == "people.my_rights",
        day=today(),
        units=[chosen] if chosen else inside[offset : offset + size],
        places=page_places(current_app),
        choices=choices,
        chosen=chosen,
        links=PageLinks(number, 1 if chosen else pages, turn(number - 1), turn(number + 1)),
    )
    return render_template("people/rights.html", page=page)
