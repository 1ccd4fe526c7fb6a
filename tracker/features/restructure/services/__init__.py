"""Changing the tree, or what is counted, from a day on, with everything that is derived from it."""

from tracker.features.restructure.services.changes import (
    Change,
    FigureChange,
    Kind,
    Preview,
    UnitChange,
    make_change,
    try_change,
)
from tracker.features.restructure.services.ends import restore_unit, retire_unit
from tracker.features.restructure.services.mergers import MergedTarget, merge_units
from tracker.features.restructure.services.moves import move_unit
from tracker.features.restructure.services.replacements import Trial, replace_indicator, try_replacement

__all__ = [
    "Change",
    "FigureChange",
    "Kind",
    "MergedTarget",
    "Preview",
    "Trial",
    "UnitChange",
    "make_change",
    "merge_units",
    "move_unit",
    "replace_indicator",
    "restore_unit",
    "retire_unit",
    "try_change",
    "try_replacement",
]
