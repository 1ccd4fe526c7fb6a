"""What has been entered for the indicators of a plan, as the room that keeps the figures tells.

This room comes before the one of reports and does not know it. The application tells this room,
when it starts, whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

Pair = tuple[int, int]
"""(indicator id, unit id)."""

ASK_FOR_FIGURES = "figures_of_plan"
"""The name under which the application keeps whom to ask."""


@dataclass(frozen=True)
class Figures:
    """Which units have entered something for which indicators of a plan.

    ``kept`` has ever been filled in, even if it was cleared again; ``entered`` says something now;
    ``approved`` counts.
    """

    kept: frozenset[Pair] = frozenset()
    entered: frozenset[Pair] = frozenset()
    approved: frozenset[Pair] = frozenset()

    def has_kept(self, indicator_id: int) -> bool:
        """Whether any unit has ever entered something for the indicator."""
        return any(indicator == indicator_id for indicator, _ in self.kept)

    def has_approved(self, indicator_id: int) -> bool:
        """Whether approved figures of the indicator count anywhere."""
        return any(indicator == indicator_id for indicator, _ in self.approved)

    def entered_by(self, indicator_id: int) -> frozenset[int]:
        """The units whose reports say something about the indicator."""
        return frozenset(unit for indicator, unit in self.entered if indicator == indicator_id)


def figures_of(plan_id: int) -> Figures:
    """What has been entered for the indicators of the plan."""
    ask = cast(Callable[[int], Figures], current_app.extensions[ASK_FOR_FIGURES])
    return ask(plan_id)
