"""Pages of figures from Excel."""

from tracker.features.intake.views import batches, imports, templates
from tracker.features.intake.views.blueprint import bp

__all__ = ["batches", "bp", "imports", "templates"]
