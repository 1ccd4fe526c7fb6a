"""Putting together what a dashboard needs, with a fixed number of statements."""

from tracker.features.dashboards.queries.below import ReportsBelow, reports_below
from tracker.features.dashboards.queries.parts import (
    Contribution,
    Parts,
    amounts,
    contributions,
    most_urgent,
    parts_of,
    restated_since,
)
from tracker.features.dashboards.queries.views import SEE, View, get_view, read_day, read_known_on

__all__ = [
    "SEE",
    "Contribution",
    "Parts",
    "ReportsBelow",
    "View",
    "amounts",
    "contributions",
    "get_view",
    "most_urgent",
    "parts_of",
    "read_day",
    "read_known_on",
    "reports_below",
    "restated_since",
]
