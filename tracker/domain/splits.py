"""A target split over the tree of units: what those below add up to beside a unit's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal


def sums_below(
    order: Sequence[int], parents: Mapping[int, int | None], own: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """What the units right below each unit are to reach together; units without any below are left out.

    ``order`` names the units from the top down. A unit counts with its own target or, where it has
    none, with what those below it add up to.
    """
    below: dict[int, Decimal] = {}
    for unit in reversed(order):
        reach = own.get(unit, below.get(unit))
        parent = parents.get(unit)
        if reach is not None and parent is not None:
            below[parent] = below.get(parent, Decimal(0)) + reach
    return below
