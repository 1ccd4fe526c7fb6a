"""What is handed out from the dashboards: the progress sheet with its proofs, and rows for programs."""

from tracker.features.dashboards.sheets.about import fingerprint
from tracker.features.dashboards.sheets.book import file_name, progress_book
from tracker.features.dashboards.sheets.data import Child, ProgressSheetData, Translate
from tracker.features.dashboards.sheets.file import progress_file
from tracker.features.dashboards.sheets.positions import COLUMNS, position_rows

__all__ = [
    "COLUMNS",
    "Child",
    "ProgressSheetData",
    "Translate",
    "file_name",
    "fingerprint",
    "position_rows",
    "progress_book",
    "progress_file",
]
