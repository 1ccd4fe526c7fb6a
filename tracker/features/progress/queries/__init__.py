"""Where do we stand: positions from the balances, and what they are made of."""

from tracker.features.progress.queries.parts import PassingPart, passing_parts
from tracker.features.progress.queries.positions import (
    Clockwork,
    Coverage,
    Standing,
    UnitStanding,
    actual_of,
    category_actuals,
    clockwork,
    judge,
    plan_balances,
    standings,
    standings_by_unit,
    totals_by_unit,
)

__all__ = [
    "Clockwork",
    "Coverage",
    "PassingPart",
    "Standing",
    "UnitStanding",
    "actual_of",
    "category_actuals",
    "clockwork",
    "judge",
    "passing_parts",
    "plan_balances",
    "standings",
    "standings_by_unit",
    "totals_by_unit",
]
