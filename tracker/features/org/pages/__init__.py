"""What the pages about units show."""

from tracker.features.org.pages.preview import PreviewPage, preview_page
from tracker.features.org.pages.tree import TreePage, tree_page, unit_steps
from tracker.features.org.pages.unit import Conflict, UnitPage, conflicts, unit_page

__all__ = [
    "Conflict",
    "PreviewPage",
    "TreePage",
    "UnitPage",
    "conflicts",
    "preview_page",
    "tree_page",
    "unit_page",
    "unit_steps",
]
