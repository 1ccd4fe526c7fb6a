"""Reading plans: which plan answers, its indicators, aims and periods."""

from tracker.features.plans.queries.aims import (
    AimRow,
    aims_of,
    assigned_to,
    reach_of,
    reporting_units,
)
from tracker.features.plans.queries.derived import derived_differences
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

__all__ = [
    "AimRow",
    "CategoryRow",
    "IndicatorRow",
    "InitiativeRow",
    "Name",
    "PeriodRow",
    "PlanRow",
    "aims_of",
    "all_plans",
    "assigned_to",
    "derived_differences",
    "get_period",
    "get_plan",
    "indicators_of",
    "periods_of_plan",
    "plans_of",
    "reach_of",
    "reporting_units",
]
