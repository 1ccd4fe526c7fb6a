"""Reading plans: which plan answers, its indicators, aims and periods."""

from tracker.features.plans.queries.aims import (
    AimRow,
    aims_of,
    asked_of,
    is_asked,
    reach_of,
    reporting_units,
)
from tracker.features.plans.queries.derived import derived_differences
from tracker.features.plans.queries.history import Succession, TargetRow, successions_of, target_history
from tracker.features.plans.queries.indicators import (
    CategoryRow,
    IndicatorRow,
    InitiativeRow,
    Name,
    indicators_of,
)
from tracker.features.plans.queries.plans import (
    PeriodRow,
    PlanRow,
    all_plans,
    get_period,
    get_plan,
    periods_of_plan,
    plans_of,
)
from tracker.features.plans.queries.set_aims import AimOfUnit, aims_set_for

__all__ = [
    "AimOfUnit",
    "AimRow",
    "CategoryRow",
    "IndicatorRow",
    "InitiativeRow",
    "Name",
    "PeriodRow",
    "PlanRow",
    "Succession",
    "TargetRow",
    "aims_of",
    "aims_set_for",
    "all_plans",
    "asked_of",
    "derived_differences",
    "get_period",
    "get_plan",
    "indicators_of",
    "is_asked",
    "periods_of_plan",
    "plans_of",
    "reach_of",
    "reporting_units",
    "successions_of",
    "target_history",
]
