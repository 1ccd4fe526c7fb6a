"""What the pages of figures from Excel show."""

from tracker.features.intake.pages.preview import PreviewPage, preview_page, preview_result

__all__ = ["PreviewPage", "preview_page", "preview_result"]
