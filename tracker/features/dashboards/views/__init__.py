"""The dashboards' pages, and the frame around every page."""

from tracker.features.dashboards.views.dashboards import bp

__all__ = ["bp"]
