"""What is sent about reports: cells, evidence, and decisions."""

from tracker.features.reports.forms.cells import (
    CellForm,
    SheetForm,
    cell_input,
    odd_sentence,
    saved_cell,
    saved_form,
    sent_cells,
    sent_form,
)
from tracker.features.reports.forms.evidence import EvidenceForm, PieceForm
from tracker.features.reports.forms.reviews import (
    Choice,
    CorrectionForm,
    DecisionForm,
    ReasonForm,
    ReturnForm,
    ReviewForm,
    choice_of,
    return_field,
    sent_choices,
    sent_reasons,
)

__all__ = [
    "CellForm",
    "Choice",
    "CorrectionForm",
    "DecisionForm",
    "EvidenceForm",
    "PieceForm",
    "ReasonForm",
    "ReturnForm",
    "ReviewForm",
    "SheetForm",
    "cell_input",
    "choice_of",
    "odd_sentence",
    "return_field",
    "saved_cell",
    "saved_form",
    "sent_cells",
    "sent_choices",
    "sent_form",
    "sent_reasons",
]
