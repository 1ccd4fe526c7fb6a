"""What the pages of the set-up show, and the list of what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, lazy_gettext

from tracker.core.instance import setting_here
from tracker.domain.errors import N_
from tracker.features.setup.forms import LANGUAGE_NAMES
from tracker.features.setup.queries import UPLOAD_PLAN, Progress, can_upload_plan, may_choose
from tracker.features.setup.services import Begin

STEPS = {
    "place": lazy_gettext("Language and time zone"),
    "unit": lazy_gettext("Top unit"),
    "start": lazy_gettext("How to begin"),
    "administrator": lazy_gettext("First administrator"),
}
"""The steps in their order, by the last word of their endpoint, with their headings."""


@dataclass(frozen=True)
class StepMark:
    """A step in the row of steps; one that is done leads back to it."""

    number: int
    title: str
    url: str | None
    is_now: bool


@dataclass(frozen=True)
class StepPage:
    """Where somebody is in the set-up."""

    title: str
    steps: tuple[StepMark, ...]
    back_url: str | None


def step_page(name: str, names: tuple[str, ...]) -> StepPage:
    """The frame of the step ``name`` among those that there are."""
    here = names.index(name)
    marks = tuple(
        StepMark(place + 1, str(STEPS[one]), url_for(f"setup.{one}") if place < here else None, place == here)
        for place, one in enumerate(names)
    )
    return StepPage(str(STEPS[name]), marks, marks[here - 1].url if here else None)


@dataclass(frozen=True)
class Fixed:
    """A choice that a setting has made already."""

    label: str
    value: str


def fixed_choices() -> tuple[Fixed, ...]:
    """What is not asked for, since ``config.py`` or the environment says it."""
    words = {"LANGUAGE": gettext("Language"), "TIME_ZONE": gettext("Time zone")}
    names = dict(LANGUAGE_NAMES)
    return tuple(
        Fixed(label, names.get(setting_here(setting), setting_here(setting)))
        for setting, label in words.items()
        if not may_choose(setting)
    )


def first_page(begin: Begin) -> str:
    """Where the new administrator goes on; a file comes after the units, whose codes stand in it."""
    return url_for("plans.new" if begin is Begin.EMPTY else "setup.next_steps")


_NEXT = (
    (
        "units",
        N_("Add the units"),
        N_("Communities, departments and compounds, one by one or from an Excel file."),
    ),
    ("plan", N_("Set up the plan"), N_("Pillars, initiatives and indicators, each with its definition.")),
    ("reporters", N_("Say who reports"), N_("Choose at each indicator the units that report it.")),
    (
        "targets",
        N_("Set the targets"),
        N_("Enter at each indicator what is to be reached, and split it over the units."),
    ),
    (
        "people",
        N_("Invite the people"),
        N_("Reporters, reviewers and officials; each chooses a password with a one-time code."),
    ),
    ("backup", N_("Make a backup"), N_("Keep a copy on another disk, and make one regularly.")),
)
"""What comes next, in the order in which it is best done: name, title and what it is."""


@dataclass(frozen=True)
class ShortCut:
    """A quicker way to do a step for many things at once."""

    label: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """Something that a new house needs, and where it is done."""

    title: str
    text: str
    url: str
    is_done: bool
    so_far: str | None
    short_cut: ShortCut | None


def next_steps(found: Progress) -> tuple[NextStep, ...]:
    """What comes next, each with its page and whether it is done."""
    code = found.plan_code
    plan = url_for("plans.show", plan=code) if code else url_for("plans.new")
    pages = {
        "units": url_for("org.index"),
        "people": url_for("people.index"),
        "backup": url_for("upkeep.index"),
    }
    quicker = _short_cuts(code)
    return tuple(
        NextStep(
            gettext(title),
            gettext(text),
            pages.get(name, plan),
            getattr(found, name),
            _so_far(found) if name == "targets" else None,
            quicker.get(name),
        )
        for name, title, text in _NEXT
    )


def _so_far(found: Progress) -> str | None:
    """How many indicators have a target, as long as some have none."""
    if not found.indicators or found.targets:
        return None
    return gettext("%(aimed)s of %(all)s indicators have a target.", aimed=found.aimed, all=found.indicators)


def _short_cuts(plan: str | None) -> dict[str, ShortCut]:
    """The quicker ways, by the name of the step; a workbook of a plan brings indicators and units along."""
    found = {
        "units": ShortCut(gettext("Import from Excel"), url_for("org.upload")),
        "people": ShortCut(gettext("Invite several"), url_for("people.roster")),
    }
    if can_upload_plan():
        label = gettext("Import from Excel") if plan else gettext("New plan from Excel")
        found["plan"] = ShortCut(label, url_for(UPLOAD_PLAN, plan=plan))
    return found
