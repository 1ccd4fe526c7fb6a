"""Pages of periods and due dates."""

from tracker.features.periods.views import due_dates, periods
from tracker.features.periods.views.blueprint import bp

__all__ = ["bp", "due_dates", "periods"]
