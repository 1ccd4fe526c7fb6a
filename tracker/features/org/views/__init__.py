"""The pages of whoever manages units."""

from tracker.features.org.views import facts, imports, units
from tracker.features.org.views.blueprint import bp

__all__ = ["bp", "facts", "imports", "units"]
