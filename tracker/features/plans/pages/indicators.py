"""One indicator of a plan: what it is, what is still missing, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import day
from tracker.core.history import HistoryRow, HistoryStep, history_steps
from tracker.core.i18n import definition_of, language, name_of, word
from tracker.domain.measures import Measure
from tracker.domain.schedule import Schedule
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import Figures, ManagedPlan, Neighbour, Split, categories_of


@dataclass(frozen=True)
class Fact:
    """A line about the indicator."""

    label: str
    said: str


@dataclass(frozen=True)
class Task:
    """Something that belongs to an indicator: where it stands, and where to see to it."""

    title: str
    said: str
    is_missing: bool
    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """The indicator before or after this one in a line of replacements."""

    said: str
    name: str
    url: str


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator with all that is set up around it."""

    found: ManagedPlan
    indicator: Indicator
    facts: tuple[Fact, ...]
    tasks: tuple[Task, ...]
    has_figures: bool
    edit_url: str
    replace_url: str | None
    before: Step | None
    after: Step | None
    history: tuple[HistoryStep, ...]


def indicator_page(
    found: ManagedPlan,
    indicator: Indicator,
    split: Split,
    figures: Figures,
    history: tuple[HistoryStep, ...],
    *,
    neighbours: tuple[Neighbour | None, Neighbour | None],
) -> IndicatorPage:
    """An indicator's page; ``neighbours`` are the one that it replaced and the one that replaced it."""
    before, after = neighbours
    where: dict[str, Any] = {"plan": found.plan.code, "indicator": indicator.code}
    return IndicatorPage(
        found,
        indicator,
        _facts(indicator),
        _tasks(found, indicator, split),
        figures.has_kept(indicator.id),
        url_for("plans.change_indicator", **where),
        None if after else url_for("places.replace", **where),
        _step(found, before, gettext("Since %(day)s in place of")),
        _step(found, after, gettext("From %(day)s on replaced by")),
        history,
    )


def _step(found: ManagedPlan, other: Neighbour | None, said: str) -> Step | None:
    if other is None:
        return None
    url = url_for("plans.indicator", plan=found.plan.code, indicator=other.code)
    return Step(said % {"day": day(other.from_on)}, name_of(other), url)


def _facts(indicator: Indicator) -> tuple[Fact, ...]:
    english = language() == "en"
    unit = (english and indicator.unit_of_measure_en) or indicator.unit_of_measure
    facts = [
        Fact(gettext("Definition"), definition_of(indicator) or "—"),
        Fact(gettext("Kind of number"), word(indicator.measure)),
        Fact(gettext("Unit of measure"), unit),
        Fact(gettext("Decimal places"), str(indicator.decimals)),
        Fact(gettext("Direction"), word(indicator.direction)),
    ]
    if indicator.measure is Measure.FLOW:
        # A number in place, a share and stages are typed as they stand.
        facts.append(Fact(gettext("What is typed"), word(indicator.reported_as)))
    facts.append(Fact(gettext("Schedule"), word(indicator.schedule)))
    if indicator.due_on:
        facts.append(Fact(gettext("To be finished by"), day(indicator.due_on)))
    names = [name_of(category) for category in categories_of(indicator)]
    if names:
        facts.append(Fact(gettext("Categories"), " / ".join(names)))
    return tuple(facts)


def _tasks(found: ManagedPlan, indicator: Indicator, split: Split) -> tuple[Task, ...]:
    where: dict[str, Any] = {"plan": found.plan.code, "indicator": indicator.code}
    reporting = sum(row.reports for row in split.rows)
    ended = indicator.retired_on is not None
    targets = sum(row.target is not None and not row.is_over for row in split.rows)
    tasks = [
        Task(
            gettext("Units that report it"),
            ngettext("%(num)s unit reports it", "%(num)s units report it", reporting)
            if reporting
            else (gettext("No longer reported") if ended else gettext("No unit reports it yet")),
            not reporting and not ended,
            gettext("Choose units"),
            url_for("plans.reporters", **where),
        ),
        Task(
            gettext("Targets"),
            ngettext("%(num)s target", "%(num)s targets", targets) if targets else gettext("No target yet"),
            not targets and not ended,
            gettext("Set targets"),
            url_for("plans.targets", **where),
        ),
    ]
    if indicator.schedule is Schedule.CURVE:
        tasks.append(
            Task(
                gettext("Planned curve"),
                gettext("Says how much is to be done by the end of each month."),
                False,
                gettext("Draw the curve"),
                url_for("plans.curve", **where),
            )
        )
    return tuple(tasks)


def indicator_history(rows: Sequence[HistoryRow]) -> tuple[HistoryStep, ...]:
    """What was changed, in words; a target's step names the unit."""

    def unit_of(row: HistoryRow) -> str:
        return row.subject.rpartition(" ")[2] if row.subject.startswith("target ") else ""

    return history_steps(rows, about=unit_of)
