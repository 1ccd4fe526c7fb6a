"""A plan as a workbook: written out, and the same sheets read in."""

from tracker.features.plans.sheets.book import plan_file, plan_template
from tracker.features.plans.sheets.reading import (
    PlanWorkbook,
    marked_plan,
    problems_of,
    read_plan,
    sheet_label,
)
from tracker.features.plans.sheets.words import HEADINGS, SHEETS

__all__ = [
    "HEADINGS",
    "SHEETS",
    "PlanWorkbook",
    "marked_plan",
    "plan_file",
    "plan_template",
    "problems_of",
    "read_plan",
    "sheet_label",
]
