"""Setting plans up and changing what units are to reach."""

from tracker.features.plans.services.assignments import assign_indicator
from tracker.features.plans.services.derived import refresh_derived
from tracker.features.plans.services.plans import (
    DUE_AFTER,
    IndicatorDraft,
    add_indicator,
    add_initiative,
    add_pillar,
    create_plan,
)
from tracker.features.plans.services.succession import begin_successor
from tracker.features.plans.services.targets import set_target

__all__ = [
    "DUE_AFTER",
    "IndicatorDraft",
    "add_indicator",
    "add_initiative",
    "add_pillar",
    "assign_indicator",
    "begin_successor",
    "create_plan",
    "refresh_derived",
    "set_target",
]
