"""Where do we stand: positions from the balances, and what they are made of."""

from tracker.features.progress.queries.clock import Clockwork, Known, clockwork
from tracker.features.progress.queries.figures import totals_by_unit
from tracker.features.progress.queries.parts import PassingPart, passing_parts
from tracker.features.progress.queries.positions import (
    Coverage,
    Standing,
    UnitStanding,
    actual_of,
    category_actuals,
    judge,
    plan_balances,
    standings,
    standings_by_unit,
)

__all__ = [
    "Clockwork",
    "Coverage",
    "Known",
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
