"""What administrators send about plans, as it was typed, and what is wrong with it."""

from tracker.features.plans.forms.indicators import IndicatorForm, indicator_form
from tracker.features.plans.forms.outline import (
    InitiativeForm,
    PillarForm,
    saved_initiative_form,
    saved_pillar_form,
)
from tracker.features.plans.forms.plans import (
    CopyForm,
    NewPlanForm,
    PlanForm,
    saved_plan_form,
    suggested_copy_form,
)
from tracker.features.plans.forms.sent import Difference, SentForm, text
from tracker.features.plans.forms.splits import (
    CurveForm,
    ReportersForm,
    TargetsForm,
    cell_name,
    differing_rows,
    filled_curve,
    saved_curve,
    saved_targets,
    sent_curve,
    sent_reporters,
    sent_targets,
)
from tracker.features.plans.forms.words import frequency_word
from tracker.features.plans.forms.workbook import BookConfirmForm, BookForm

__all__ = [
    "BookConfirmForm",
    "BookForm",
    "CopyForm",
    "CurveForm",
    "Difference",
    "IndicatorForm",
    "InitiativeForm",
    "NewPlanForm",
    "PillarForm",
    "PlanForm",
    "ReportersForm",
    "SentForm",
    "TargetsForm",
    "cell_name",
    "differing_rows",
    "filled_curve",
    "frequency_word",
    "indicator_form",
    "saved_curve",
    "saved_initiative_form",
    "saved_pillar_form",
    "saved_plan_form",
    "saved_targets",
    "sent_curve",
    "sent_reporters",
    "sent_targets",
    "suggested_copy_form",
    "text",
]
