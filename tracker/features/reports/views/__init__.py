"""Pages of the reporter and of the reviewer."""

from tracker.features.reports.views import filling, lists, reviewing
from tracker.features.reports.views.blueprint import bp

__all__ = ["bp", "filling", "lists", "reviewing"]
