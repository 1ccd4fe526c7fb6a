"""Changing figures by workbooks: comparing, taking over, taking back."""

from tracker.features.intake.services.batches import (
    import_batch,
    needed_for,
    record_template,
    withdraw_batch,
)
from tracker.features.intake.services.compare import compare_figures
from tracker.features.intake.services.comparison import Comparison, Counts, Example
from tracker.features.intake.services.drafts import Way, said_of
from tracker.features.intake.services.lines import FIELDS, Line, stamp_for

__all__ = [
    "FIELDS",
    "Comparison",
    "Counts",
    "Example",
    "Line",
    "Way",
    "compare_figures",
    "import_batch",
    "needed_for",
    "record_template",
    "said_of",
    "stamp_for",
    "withdraw_batch",
]
