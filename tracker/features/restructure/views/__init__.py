"""Changing the tree, or what is counted: each change is shown before it is done."""

from tracker.features.restructure.views import indicators, units
from tracker.features.restructure.views.blueprint import bp

__all__ = ["bp", "indicators", "units"]
