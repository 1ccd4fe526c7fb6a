"""Sentences about units that came or went during the plan, so that a total can be understood."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from tracker.core.format import day, number
from tracker.core.i18n import name_of
from tracker.domain.rollup import Difference
from tracker.features.dashboards.queries import View, amounts
from tracker.features.places.queries import Former
from tracker.features.plans.queries import IndicatorRow
from tracker.features.progress.queries import PassingPart


def notes_on_units(view: View) -> tuple[str, ...]:
    """What has to be known about the units below before their figures are added up by hand."""
    on, first = view.clock.day, view.clock.plan.starts_on
    seen = [former for former in view.formers if former.unit is not None]
    # Whoever came back is here, and is told of as somebody who came.
    here = {former.unit_id for former in seen if on in former.stay}
    found = _own_end(view) + [
        gettext(
            "%(unit)s was merged into this unit on %(day)s; its levels are counted in this unit's own "
            "reports since then.",
            unit=name_of(merged.other),
            day=day(merged.merged_on),
        )
        for merged in view.taken_over
    ]
    for former in seen:
        came, left = former.stay.from_on, former.stay.until_on
        if on in former.stay and came is not None and came > first:
            found.append(
                gettext(
                    "%(unit)s has stood here since %(day)s; what it added before counts where it stood then.",
                    unit=_name(former),
                    day=day(came),
                )
            )
        elif former.unit_id not in here and left is not None:
            found.append(
                gettext(
                    "%(unit)s stood here until %(day)s; totals over the periods keep what it added before.",
                    unit=_name(former),
                    day=day(left),
                )
            )
    if any(former.unit is None for former in view.formers):
        found.append(gettext("Figures of units that have since moved away are included."))
    return tuple(found)


def _own_end(view: View) -> list[str]:
    """That the unit itself is no more from a day on, and which one goes on for it."""
    ended = view.unit.retired_on
    if ended is None:
        return []
    if view.merger is not None:
        return [
            gettext(
                "%(unit)s was merged into %(other)s on %(day)s.",
                unit=name_of(view.unit),
                other=name_of(view.merger.successor),
                day=day(ended),
            )
        ]
    return [gettext("%(unit)s is retired from %(day)s on.", unit=name_of(view.unit), day=day(ended))]


def notes_on_parts(view: View, indicator: IndicatorRow, passing: Sequence[PassingPart]) -> tuple[str, ...]:
    """What in one figure comes from units that are not, or not yet for long, among those listed."""
    found = []
    hidden = []
    for part in passing:
        total = part.by_indicator.get(indicator.id)
        if total is None or not (total.value or total.denominator):
            continue
        came, left = part.former.stay.from_on, part.former.stay.until_on
        figure = _figure(indicator, total)
        if part.former.unit is None:
            hidden.append(figure)
        elif not part.is_here and left is not None:
            found.append(
                gettext(
                    "%(unit)s stood here until %(day)s: %(number)s of the figure is from that time.",
                    unit=_name(part.former),
                    day=day(left),
                    number=figure,
                )
            )
        elif part.is_here and came is not None and not indicator.measure.carries_forward:
            found.append(
                gettext(
                    "%(unit)s has stood here since %(day)s: %(number)s of the figure is from that time.",
                    unit=_name(part.former),
                    day=day(came),
                    number=figure,
                )
            )
    if hidden:
        found.append(
            gettext(
                "Figures of units that have since moved away are included: %(number)s.",
                number=" + ".join(hidden),
            )
        )
    return tuple(found)


def _figure(indicator: IndicatorRow, total: Difference) -> str:
    value, whole = amounts(total)
    if indicator.measure.has_denominator:
        return f"{number(value)}/{number(whole)}"
    return number(value, indicator.decimals)


def _name(former: Former) -> str:
    return name_of(former.unit) if former.unit is not None else ""
