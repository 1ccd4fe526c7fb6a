"""Where a report stands in its review, and what whoever looks at it can decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext

from tracker.core.format import listed, period_label
from tracker.core.i18n import Named, name_of
from tracker.domain.review import ReportState, Reviewer, Step, may
from tracker.features.reports.forms import Choice
from tracker.features.reports.queries import Sheet

Able = tuple[Step | None, Sequence[Reviewer]]
"""What is to be decided next, and who can."""


@dataclass(frozen=True)
class ReviewSteps:
    """A review in two steps: which one is next, who can take it, and who checked the report when."""

    number: int
    text: str
    who: str
    checked_by: str
    checked_at: datetime | None


def decisions(sheet: Sheet, able: Able, reopeners: Sequence[Reviewer], *, by: int) -> dict[str, Any]:
    """What this user, who reviews the unit, is offered; in one step a refusal says why when they try."""
    step, reviewers = able
    mine = is_able(sheet, reviewers, by)
    return {
        "can_check": mine and step is Step.CHECK,
        "can_approve": mine and step is Step.APPROVE,
        "can_return": may(Step.RETURN, sheet.state),
        "can_reopen": may(Step.REOPEN, sheet.state) and is_able(sheet, reopeners, by),
    }


def is_able(sheet: Sheet, able: Sequence[Reviewer], by: int) -> bool:
    """Whether a reviewer is among those who can take a step; in a review of one step nobody is asked for."""
    return sheet.plan.review_steps == 1 or any(one.id == by for one in able)


def review_steps(sheet: Sheet, able: Able, checker: Named | None) -> ReviewSteps | None:
    """The steps of the review; none where there is one step and no other was taken."""
    step, reviewers = able
    at = sheet.report.checked_at if sheet.report and _is_checked(sheet) else None
    if at is None and (sheet.plan.review_steps == 1 or step is None):
        return None
    is_first = step is Step.CHECK
    texts = {
        Step.CHECK: gettext("Step 1 of 2: first check, near the unit"),
        Step.APPROVE: gettext("Step 2 of 2: approval by the office"),
    }
    return ReviewSteps(
        number=1 if is_first else 2,
        text=texts[step] if step else gettext("Both steps of the review are done"),
        who=listed(one.name for one in reviewers),
        checked_by=(name_of(checker) if checker else gettext("The server's operator")) if at else "",
        checked_at=at,
    )


def passed_words(step: Step, names: Sequence[str]) -> str:
    """What was done with several reports at once."""
    if step is Step.CHECK:
        return ngettext(
            "%(num)s report passed the first check: %(names)s.",
            "%(num)s reports passed the first check: %(names)s.",
            len(names),
            names=listed(names),
        )
    return ngettext(
        "%(num)s report approved: %(names)s.",
        "%(num)s reports approved: %(names)s.",
        len(names),
        names=listed(names),
    )


def refused_words(choice: Choice, why: str) -> str:
    """Which of several reports was left as it was, and why."""
    what = {"period": period_label(choice.period), "unit": choice.unit, "why": why}
    if choice.step is Step.CHECK:
        return gettext("%(period)s, unit %(unit)s did not pass the first check: %(why)s", **what)
    return gettext("%(period)s, unit %(unit)s was not approved: %(why)s", **what)


def _is_checked(sheet: Sheet) -> bool:
    return sheet.state in {ReportState.CHECKED, ReportState.APPROVED}
