"""Reading plans: which plan answers, its indicators, aims and periods."""

from tracker.features.plans.queries.aims import (
    AimRow,
    aims_of,
    asked_of,
    is_asked,
    reach_of,
    reporting_units,
)
from tracker.features.plans.queries.book import WholePlan, whole_plan
from tracker.features.plans.queries.derived import derived_differences
from tracker.features.plans.queries.facts import kept_reaches
from tracker.features.plans.queries.figures import ASK_FOR_FIGURES, Figures, figures_of
from tracker.features.plans.queries.history import ChangeRow, changes_of_indicator, changes_of_plan
from tracker.features.plans.queries.indicators import (
    CategoryRow,
    IndicatorRow,
    InitiativeRow,
    Name,
    indicators_of,
)
from tracker.features.plans.queries.managed import (
    ManagedPlan,
    OutlineIndicator,
    OutlineInitiative,
    OutlinePillar,
    PlanListRow,
    indicator_by_id,
    indicator_of,
    initiative_of,
    managed_plan,
    managed_plans,
    outline_of,
    pillar_of,
    units_for_plans,
)
from tracker.features.plans.queries.parts import (
    categories_of,
    curve_of,
    meaning_of,
    stamp_of_curve,
    stamp_of_indicator,
    stamp_of_initiative,
    stamp_of_reporters,
    supporting_units,
)
from tracker.features.plans.queries.past import Succession, TargetRow, successions_of, target_history
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
from tracker.features.plans.queries.splits import Split, SplitRow, assigned_units, split_of
from tracker.features.plans.queries.stamps import stamp_of, stamp_values
from tracker.features.plans.queries.units import TreeUnit, tree_of, units_of_ids

__all__ = [
    "ASK_FOR_FIGURES",
    "AimOfUnit",
    "AimRow",
    "CategoryRow",
    "ChangeRow",
    "Figures",
    "IndicatorRow",
    "InitiativeRow",
    "ManagedPlan",
    "Name",
    "OutlineIndicator",
    "OutlineInitiative",
    "OutlinePillar",
    "PeriodRow",
    "PlanListRow",
    "PlanRow",
    "Split",
    "SplitRow",
    "Succession",
    "TargetRow",
    "TreeUnit",
    "WholePlan",
    "aims_of",
    "aims_set_for",
    "all_plans",
    "asked_of",
    "assigned_to",
    "assigned_units",
    "categories_of",
    "changes_of_indicator",
    "changes_of_plan",
    "curve_of",
    "derived_differences",
    "figures_of",
    "get_period",
    "get_plan",
    "indicator_by_id",
    "indicator_of",
    "indicators_of",
    "initiative_of",
    "is_asked",
    "kept_reaches",
    "managed_plan",
    "managed_plans",
    "meaning_of",
    "outline_of",
    "periods_of_plan",
    "pillar_of",
    "plans_of",
    "reach_of",
    "reporting_units",
    "split_of",
    "stamp_of",
    "stamp_of_curve",
    "stamp_of_indicator",
    "stamp_of_initiative",
    "stamp_of_reporters",
    "stamp_values",
    "successions_of",
    "supporting_units",
    "target_history",
    "tree_of",
    "units_for_plans",
    "units_of_ids",
    "whole_plan",
]
