"""What the dashboards show: standings turned into rows, links and sentences."""

from tracker.features.dashboards.pages.indicator import indicator_page
from tracker.features.dashboards.pages.known import known_note
from tracker.features.dashboards.pages.overview import overview_page

__all__ = ["indicator_page", "known_note", "overview_page"]
