"""Where a unit stood on which days, and which units above it held it then.

A unit that was moved stood in one line of units before and stands in another from a day on; a unit
that was retired stands in none from its day on. Everything that is added up the tree asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

Line = tuple[int, ...]
"""Ids of units from the root down to a unit."""


@dataclass(frozen=True)
class Stay:
    """A run of days; ``until_on`` is the first day after it. None: without a beginning, or an end."""

    from_on: date | None = None
    until_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day < self.until_on
        )

    @property
    def bounds(self) -> tuple[date, ...]:
        """The days on which it begins and on which it is over."""
        return tuple(day for day in (self.from_on, self.until_on) if day is not None)


@dataclass(frozen=True)
class Place:
    """The line in which a unit stands during a stay."""

    line: Line
    stay: Stay = Stay()


Places = tuple[Place, ...]
"""A unit's places in the order of days. On a day that none of them holds the unit is no more."""

ALWAYS = (Stay(),)


def line_on(places: Places, day: date) -> Line:
    """The line in which the unit stands on the day; empty when it is no more."""
    return next((place.line for place in places if day in place.stay), ())


def places_from(past: Iterable[Place], present: Place, retired_on: date | None) -> Places:
    """All places in order, none of them after the day on which the unit ceased to be."""
    cut = []
    for place in (*past, present):
        until_on = place.stay.until_on
        if retired_on is not None and (until_on is None or until_on > retired_on):
            until_on = retired_on
        if place.stay.from_on is None or until_on is None or place.stay.from_on < until_on:
            cut.append(replace(place, stay=Stay(place.stay.from_on, until_on)))
    return tuple(cut)


def settled(places: Places, last_day: date) -> Places:
    """The places as a plan sees them that ends on ``last_day``: what changes later leaves it as it is."""
    seen = [place for place in places if place.stay.from_on is None or place.stay.from_on <= last_day]
    if seen and (seen[-1].stay.until_on or date.min) > last_day:
        seen[-1] = replace(seen[-1], stay=Stay(seen[-1].stay.from_on, None))
    return tuple(seen)


def stays_of(places: Places) -> dict[int, tuple[Stay, ...]]:
    """When each unit of the lines, the unit itself included, held the unit; stays that touch are one."""
    found: dict[int, list[Stay]] = {}
    for place in places:
        for unit_id in place.line:
            stays = found.setdefault(unit_id, [])
            if stays and stays[-1].until_on is not None and stays[-1].until_on == place.stay.from_on:
                stays[-1] = Stay(stays[-1].from_on, place.stay.until_on)
            else:
                stays.append(place.stay)
    return {unit_id: tuple(stays) for unit_id, stays in found.items()}


def stays_right_below(places: Places, parent_id: int) -> list[Stay]:
    """When the unit stood right below the parent; stays that touch are one."""
    found: list[Stay] = []
    for place in places:
        if place.line[-2:-1] != (parent_id,):
            continue
        if found and found[-1].until_on is not None and found[-1].until_on == place.stay.from_on:
            found[-1] = Stay(found[-1].from_on, place.stay.until_on)
        else:
            found.append(place.stay)
    return found


def is_held(stays: Sequence[Stay], day: date) -> bool:
    """Whether one of the stays holds the day."""
    return any(day in stay for stay in stays)


def units_held_alike(places: Places) -> dict[tuple[Stay, ...], tuple[int, ...]]:
    """The units of all lines, grouped by when they held the unit: what one gets, all of them get."""
    groups: dict[tuple[Stay, ...], list[int]] = {}
    for unit_id, stays in stays_of(places).items():
        groups.setdefault(stays, []).append(unit_id)
    return {stays: tuple(sorted(units)) for stays, units in groups.items()}


def change_days(places: Mapping[int, Places]) -> set[date]:
    """Every day on which one of the units moves, or is no more."""
    return {day for found in places.values() for place in found for day in place.stay.bounds}
