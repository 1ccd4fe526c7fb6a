"""The frame around every page: name, navigation, what is to do, language and text size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import Scope, current_scope, is_open_to
from tracker.core.clock import today
from tracker.core.i18n import language, name_of
from tracker.core.instance import instance_facts
from tracker.core.preferences import LANGUAGES, TEXT_COOKIE, TEXT_SIZES
from tracker.domain.errors import N_
from tracker.domain.roles import Permission
from tracker.features.org.queries import root_unit
from tracker.features.reports.queries import count_unfinished, count_waiting


@dataclass(frozen=True)
class NavItem:
    """A place to go."""

    label: str
    url: str
    active: bool
    icon: str


@dataclass(frozen=True)
class SizeLink:
    """A text size to choose."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Site:
    """What the layout shows on every page."""

    name: str
    mark: str
    is_sample: bool
    items: tuple[NavItem, ...]
    admin: tuple[NavItem, ...]
    todo: int
    todo_url: str
    user_label: str | None
    lang: str
    lang_tag: str
    language_url: str
    text_sizes: tuple[SizeLink, ...]
    text_size: str


def init_frame(app: Flask) -> None:
    """Give every template ``site`` and ``asset``."""
    stamps: dict[str, str] = {}

    def asset(filename: str) -> str:
        if filename not in stamps:
            # A module asks for its neighbours by bare names, so one that changed renews them all.
            beside = Path(app.static_folder or "", filename).parent.iterdir()
            stamps[filename] = f"{int(max(file.stat().st_mtime for file in beside)):x}"
        return url_for("static", filename=filename, v=stamps[filename])

    app.jinja_env.globals["asset"] = asset
    app.context_processor(lambda: {"site": _site()})


def _site() -> Site:
    scope = current_scope()
    root = root_unit()
    todo, todo_url = _todo(scope)
    size = request.cookies.get(TEXT_COOKIE, "a")
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("dashboards.index")
    admin = _admin(scope)
    return Site(
        name=gettext("%(unit)s indicator tracker", unit=name_of(root))
        if root
        else gettext("Indicator tracker"),
        mark=name_of(root)[0] if root else gettext("T"),
        is_sample=instance_facts().is_sample,
        items=_items(scope) + _admin_item(admin),
        admin=admin if any(place.active for place in admin) else (),
        todo=todo,
        todo_url=todo_url,
        user_label=name_of(current_user) if current_user.is_authenticated else None,
        lang=language(),
        lang_tag=LANGUAGES[language()],
        language_url=url_for(
            "accounts.preferences", language="en" if language() == "zh" else "zh", next=here
        ),
        text_sizes=tuple(
            SizeLink(label, url_for("accounts.preferences", text=name, next=here), name == size)
            for name, label in TEXT_SIZES.items()
        ),
        text_size=size if size in TEXT_SIZES else "a",
    )


def _items(scope: Scope) -> tuple[NavItem, ...]:
    places = (
        (
            Permission.SEE_PROGRESS,
            gettext("Overview"),
            "dashboards.overview",
            "overview",
            {"", "overview", "indicators"},
        ),
        (Permission.FILL_REPORTS, gettext("Reporting"), "reports.index", "reports", {"reports", "import"}),
        # Evidence and figures from Excel belong to the reviewer where nobody is there to report.
        (
            Permission.SEE_REPORTS,
            gettext("Review"),
            "reports.review_index",
            "review",
            {"review", "urging", "reports", "import"},
        ),
    )
    offered = [place for place in places if scope.allows_somewhere(place[0])]
    head = request.path.split("/")[1]
    here = next((endpoint for _, _, endpoint, _, heads in offered if head in heads), None)
    return tuple(
        NavItem(label, url_for(endpoint), endpoint == here, icon) for _, label, endpoint, icon, _ in offered
    )


ADMIN_PLACES: tuple[tuple[Permission, str, str], ...] = (
    (Permission.MANAGE_HOUSE, N_("What comes next"), "setup.next_steps"),
    (Permission.MANAGE_UNITS, N_("Units"), "org.index"),
    (Permission.MANAGE_USERS, N_("Users and rights"), "people.index"),
    (Permission.MANAGE_PLANS, N_("Plans"), "plans.index"),
    (Permission.MANAGE_PLANS, N_("Periods and due dates"), "periods.due_dates"),
    (Permission.MANAGE_HOUSE, N_("Working days"), "calendar.index"),
    (Permission.MANAGE_HOUSE, N_("Backup and health"), "upkeep.index"),
    (Permission.MANAGE_HOUSE, N_("Settings"), "settings.index"),
    (Permission.READ_AUDIT, N_("Audit log"), "audit.index"),
)
"""Where administrators and auditors go: permission, label and endpoint, in the order of the row of links.

A place is the one where somebody is when the page belongs to the same blueprint.
"""


_PART_OF = {"places": "org", "places.replace": "plans", "places.confirm_replace": "plans"}
"""Blueprints, and single pages, that belong to a place of another blueprint."""


def _admin(scope: Scope) -> tuple[NavItem, ...]:
    endpoint = request.endpoint or ""
    own = endpoint.partition(".")[0]
    blueprint = _PART_OF.get(endpoint) or _PART_OF.get(own, own)
    return tuple(
        NavItem(gettext(label), url_for(place), place.partition(".")[0] == blueprint, "settings")
        for permission, label, place in ADMIN_PLACES
        if scope.allows_somewhere(permission) and is_open_to(current_app.view_functions[place], scope)
    )


def _admin_item(places: tuple[NavItem, ...]) -> tuple[NavItem, ...]:
    """The one item of the main navigation that leads to all of them."""
    if not places:
        return ()
    active = any(place.active for place in places)
    return (NavItem(gettext("Admin"), places[0].url, active, "settings"),)


def _todo(scope: Scope) -> tuple[int, str]:
    """How many reports wait for this person, and where they are listed."""
    reviews = scope.allows_somewhere(Permission.REVIEW_REPORTS)
    review = count_waiting(scope, by=current_user.id) if reviews else 0
    fill_paths = scope.paths(Permission.FILL_REPORTS)
    fill = count_unfinished(fill_paths, until=today()) if fill_paths else 0
    if fill_paths and not review:
        return fill, url_for("reports.index")
    if scope.allows_somewhere(Permission.SEE_REPORTS):
        return review + fill, url_for("reports.review_index")
    return 0, url_for("dashboards.index")
