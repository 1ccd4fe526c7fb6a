"""The sheets that are handed out from the dashboards: the progress sheet with its proofs."""

from tracker.features.dashboards.sheets.about import fingerprint
from tracker.features.dashboards.sheets.book import file_name, progress_book
from tracker.features.dashboards.sheets.data import Child, ProgressSheetData, Translate

__all__ = ["Child", "ProgressSheetData", "Translate", "file_name", "fingerprint", "progress_book"]
