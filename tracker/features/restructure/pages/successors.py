"""What the page shows on which an indicator is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import NO_VALUE, day, number
from tracker.core.i18n import name_of, word
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import ManagedPlan
from tracker.features.progress.queries import Standing
from tracker.features.restructure.forms import SuccessorForm
from tracker.features.restructure.services import Trial


@dataclass(frozen=True)
class Line:
    """One thing about the old indicator, and the same of the new one."""

    label: str
    stays: str
    begins: str


@dataclass(frozen=True)
class TrialBlock:
    """What a replacement would do: side by side what stays and what begins, and what follows from it."""

    stays: str
    begins: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    sent: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SuccessorPage:
    """The page on which one indicator is replaced; without periods there is nothing to choose."""

    found: ManagedPlan
    old: Indicator
    form: SuccessorForm
    can_begin: bool
    explanations: tuple[str, ...]
    url: str
    back_url: str
    trial: TrialBlock | None


def successor_page(
    found: ManagedPlan,
    old: Indicator,
    form: SuccessorForm,
    trial: Trial | None,
    sent: Sequence[tuple[str, str]] = (),
) -> SuccessorPage:
    """The page; with a trial it offers to confirm exactly what was ``sent``."""
    where: dict[str, Any] = {"plan": found.plan.code, "indicator": old.code}
    return SuccessorPage(
        found=found,
        old=old,
        form=form,
        can_begin=bool(form.day.choices),
        explanations=(
            gettext("The old indicator keeps its figures, and data dates before the day still show it."),
            gettext(
                "The new one is a figure of its own: its values and targets begin with the day, and nothing "
                "is carried over."
            ),
            gettext("The same units report it, from the chosen period on."),
            gettext("A period in which something has been entered for the old one can no longer be chosen."),
            gettext(
                "As long as nothing has been entered for the new one and it has no target, deleting it takes "
                "the replacement back."
            ),
        ),
        url=url_for("places.replace", **where),
        back_url=url_for("plans.indicator", **where),
        trial=_trial(old, form, trial, tuple(sent)) if trial else None,
    )


def _trial(
    old: Indicator, form: SuccessorForm, trial: Trial, sent: tuple[tuple[str, str], ...]
) -> TrialBlock:
    draft = form.draft()
    unit_of = (old.unit_of_measure, draft.unit_of_measure)
    notes = [
        ngettext(
            "%(num)s unit reports the new one.",
            "%(num)s units report the new one.",
            trial.reporters,
        ),
        gettext("The other figures stay what they are.") if trial.untouched else "",
        gettext("It has no target yet: until targets are set, its signal is no target."),
    ]
    return TrialBlock(
        stays=gettext("Stays, up to data dates of %(day)s", day=day(trial.last_day)),
        begins=gettext("Begins, from data dates of %(day)s on", day=day(trial.day)),
        lines=(
            Line(gettext("Name"), name_of(old), draft.name),
            Line(gettext("Code"), old.code, draft.code),
            Line(gettext("Kind of number"), word(old.measure), word(draft.measure)),
            Line(gettext("Unit of measure"), *unit_of),
            Line(gettext("Decimal places"), str(old.decimals), str(draft.decimals)),
            Line(gettext("Actual"), _actual(trial.stays), _actual(trial.begins)),
            Line(gettext("Target"), _target(trial.stays), _target(trial.begins)),
            Line(gettext("Reported"), _reported(trial.stays), _reported(trial.begins)),
        ),
        notes=tuple(note for note in notes if note),
        sent=sent,
    )


def _actual(row: Standing | None) -> str:
    return NO_VALUE if row is None else number(row.position.actual, row.indicator.decimals)


def _target(row: Standing | None) -> str:
    return NO_VALUE if row is None else number(row.position.target, row.indicator.decimals)


def _reported(row: Standing | None) -> str:
    if row is None:
        return NO_VALUE
    return gettext("%(n)s of %(m)s", n=row.coverage.reported, m=row.coverage.expected)
