"""Workbooks of figures: read, and handed out to be filled in."""

from tracker.features.intake.sheets.reading import LIMITS, read_figures
from tracker.features.intake.sheets.template import template_file

__all__ = ["LIMITS", "read_figures", "template_file"]
