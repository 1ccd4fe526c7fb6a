"""Pages of the reporter and of the reviewer."""

from tracker.features.reports.views import cells, evidence, figures, filling, lists, reviewing
from tracker.features.reports.views.blueprint import bp

__all__ = ["bp", "cells", "evidence", "figures", "filling", "lists", "reviewing"]
