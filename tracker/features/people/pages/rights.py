"""What somebody can see and do: worked out by the same functions that guard the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask import Flask
from flask_babel import gettext

from tracker.core.access import Hold, Scope
from tracker.core.format import days_of_term, listed
from tracker.core.i18n import name_of
from tracker.domain.errors import N_
from tracker.domain.roles import Permission, permissions_of
from tracker.features.org.queries import UnitRow
from tracker.features.people.pages.listing import PageLinks
from tracker.features.people.pages.person import term_state
from tracker.features.people.queries import GrantRow


class Deed(StrEnum):
    """Kinds of what permissions let somebody do, in the order of the columns."""

    SEE = "see"
    CHANGE = "change"
    APPROVE = "approve"
    EXPORT = "export"
    MANAGE = "manage"


_DEEDS = {
    "see": Deed.SEE,
    "read": Deed.SEE,
    "fill": Deed.CHANGE,
    "import": Deed.CHANGE,
    "review": Deed.APPROVE,
    "export": Deed.EXPORT,
    "manage": Deed.MANAGE,
}
"""By the first word of a permission."""


_PHRASES: dict[Permission, str] = {
    Permission.SEE_PROGRESS: N_("see the progress of every indicator"),
    Permission.EXPORT_PROGRESS: N_("take the progress sheet along for Excel"),
    Permission.SEE_REPORTS: N_("read the reports"),
    Permission.SEE_EVIDENCE: N_("look at the evidence"),
    Permission.FILL_REPORTS: N_("fill reports in and submit them"),
    Permission.REVIEW_REPORTS: N_("review reports and remind units of missing ones"),
    Permission.IMPORT_REPORTS: N_("take figures over from Excel"),
    Permission.MANAGE_UNITS: N_("add and change units"),
    Permission.MANAGE_USERS: N_("invite users and give roles"),
    Permission.MANAGE_PLANS: N_("set up plans with indicators and targets"),
    Permission.MANAGE_HOUSE: N_("change settings and look after backups"),
    Permission.READ_AUDIT: N_("read the audit log"),
}
"""What each permission lets somebody do, as it is said to people."""


@dataclass(frozen=True)
class HeldView:
    """A role that was looked at, whether it counts today, and in a sentence what it lets somebody do."""

    grant: GrantRow
    days: str
    state: str
    sentence: str


@dataclass(frozen=True)
class UnitRights:
    """What somebody may do at a unit, by deed, and the grants that give it."""

    unit: UnitRow
    depth: int
    allowed: dict[Deed, tuple[Permission, ...]]
    through: tuple[GrantRow, ...]


@dataclass(frozen=True)
class PageRights:
    """The pages that ask for one permission, and where and through what somebody has it."""

    name: str
    is_allowed: bool
    where: tuple[UnitRow, ...]
    through: tuple[GrantRow, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class RightsPage:
    """What one user can see and do today."""

    username: str
    name: str
    is_own: bool
    is_disabled: bool
    is_elsewhere: bool
    day: date
    held: tuple[HeldView, ...]
    deeds: tuple[Deed, ...]
    units: tuple[UnitRights, ...]
    places: tuple[PageRights, ...]
    choices: tuple[UnitRow, ...]
    chosen: UnitRow | None
    pages: PageLinks


def scope_of(grants: Sequence[GrantRow], day: date) -> Scope:
    """What these grants hold on that day."""
    return Scope(tuple(Hold(row.role, row.unit.path) for row in grants if row.term.holds_on(day)))


def rights_page(
    *,
    username: str,
    name: str,
    grants: Sequence[GrantRow],
    is_disabled: bool,
    is_elsewhere: bool,
    is_own: bool,
    day: date,
    units: Sequence[UnitRow],
    places: Mapping[str, Sequence[str]],
    choices: Sequence[UnitRow],
    chosen: UnitRow | None,
    links: PageLinks,
) -> RightsPage:
    """The page about these grants, at these units, for these places by what they ask for."""
    counted = () if is_disabled else tuple(grants)
    scope = scope_of(counted, day)
    live = [row for row in counted if row.term.holds_on(day)]
    top = min((len(unit.line) for unit in choices), default=1)
    return RightsPage(
        username=username,
        name=name,
        is_own=is_own,
        is_disabled=is_disabled,
        is_elsewhere=is_elsewhere,
        day=day,
        held=tuple(
            HeldView(row, days_of_term(row.term), term_state(row.term, day), _sentence(row, choices))
            for row in grants
        ),
        deeds=tuple(Deed),
        units=tuple(_at_unit(scope, live, unit, len(unit.line) - top) for unit in units),
        places=tuple(_for_pages(scope, live, needs, addresses) for needs, addresses in places.items()),
        choices=tuple(choices),
        chosen=chosen,
        pages=links,
    )


def page_places(app: Flask) -> dict[str, tuple[str, ...]]:
    """The addresses of all pages by what their views ask for: a permission, ``signed_in`` or ``public``."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        if needs is not None:
            found.setdefault(str(needs), set()).add(rule.rule)
    order = [*(permission.value for permission in Permission), "signed_in", "public"]
    return {needs: tuple(sorted(found[needs])) for needs in order if needs in found}


def _sentence(row: GrantRow, units: Sequence[UnitRow]) -> str:
    """What a role lets somebody do at its unit, and below it where there is anything."""
    allowed = permissions_of(row.role)
    told = {
        "unit": name_of(row.unit),
        "deeds": listed(gettext(_PHRASES[one]) for one in Permission if one in allowed),
    }
    if any(unit.path.startswith(row.unit.path) and unit.path != row.unit.path for unit in units):
        return gettext("Can do this at %(unit)s and at all units below it: %(deeds)s.", **told)
    return gettext("Can do this at %(unit)s: %(deeds)s.", **told)


def _at_unit(scope: Scope, live: Sequence[GrantRow], unit: UnitRow, depth: int) -> UnitRights:
    allowed: dict[Deed, list[Permission]] = {deed: [] for deed in Deed}
    for permission in Permission:
        if scope.allows(permission, unit.path):
            allowed[_DEEDS[permission.partition("_")[0]]].append(permission)
    return UnitRights(
        unit=unit,
        depth=depth,
        allowed={deed: tuple(permissions) for deed, permissions in allowed.items()},
        through=tuple(row for row in live if unit.path.startswith(row.unit.path)),
    )


def _for_pages(scope: Scope, live: Sequence[GrantRow], needs: str, addresses: Sequence[str]) -> PageRights:
    if needs not in set(Permission):
        everyone = gettext("Pages for everybody"), gettext("Pages for everybody who is signed in")
        return PageRights(everyone[needs == "signed_in"], True, (), (), tuple(addresses))
    permission = Permission(needs)
    paths = scope.paths(permission)
    through = tuple(row for row in live if permission in permissions_of(row.role))
    where = tuple(dict.fromkeys(row.unit for row in through if row.unit.path in paths))
    name = gettext(_PHRASES[permission])
    return PageRights(name[:1].upper() + name[1:], bool(paths), where, through, tuple(addresses))
