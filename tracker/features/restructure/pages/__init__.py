"""What the pages show on which the tree, or what is counted, is changed."""

from tracker.features.restructure.pages.successors import SuccessorPage, successor_page
from tracker.features.restructure.pages.units import ChangePage, change_page

__all__ = ["ChangePage", "SuccessorPage", "change_page", "successor_page"]
