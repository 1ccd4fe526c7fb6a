"""Setting plans up and changing them."""

from tracker.features.plans.services.assignments import (
    assign_indicator,
    set_reporters,
    unassign_indicator,
)
from tracker.features.plans.services.copies import CopyDraft, copy_plan
from tracker.features.plans.services.derived import refresh_derived
from tracker.features.plans.services.indicators import (
    CategoryDraft,
    IndicatorDraft,
    ManyRefusals,
    add_indicator,
    edit_indicator,
)
from tracker.features.plans.services.outline import (
    InitiativeDraft,
    Move,
    add_initiative,
    add_pillar,
    delete_initiative,
    delete_pillar,
    edit_initiative,
    edit_pillar,
    move_part,
)
from tracker.features.plans.services.plans import PlanDraft, create_plan, delete_plan, edit_plan
from tracker.features.plans.services.removals import delete_indicator
from tracker.features.plans.services.splits import (
    CurveError,
    SplitError,
    TargetDraft,
    Why,
    save_curve,
    save_targets,
)
from tracker.features.plans.services.succession import begin_successor
from tracker.features.plans.services.targets import set_target
from tracker.features.plans.services.workbook import import_plan, record_plan_export, try_plan
from tracker.features.plans.services.workbook_indicators import FIELDS
from tracker.features.plans.services.workbook_lines import (
    Change,
    Difference,
    Kind,
    Line,
    Part,
    PlanBook,
    PlanImport,
    Refusal,
    Units,
    Unmentioned,
)

__all__ = [
    "FIELDS",
    "CategoryDraft",
    "Change",
    "CopyDraft",
    "CurveError",
    "Difference",
    "IndicatorDraft",
    "InitiativeDraft",
    "Kind",
    "Line",
    "ManyRefusals",
    "Move",
    "Part",
    "PlanBook",
    "PlanDraft",
    "PlanImport",
    "Refusal",
    "SplitError",
    "TargetDraft",
    "Units",
    "Unmentioned",
    "Why",
    "add_indicator",
    "add_initiative",
    "add_pillar",
    "assign_indicator",
    "begin_successor",
    "copy_plan",
    "create_plan",
    "delete_indicator",
    "delete_initiative",
    "delete_pillar",
    "delete_plan",
    "edit_indicator",
    "edit_initiative",
    "edit_pillar",
    "edit_plan",
    "import_plan",
    "move_part",
    "record_plan_export",
    "refresh_derived",
    "save_curve",
    "save_targets",
    "set_reporters",
    "set_target",
    "try_plan",
    "unassign_indicator",
]
