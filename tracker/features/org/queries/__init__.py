"""Reading the tree, its units' facts and their history; and comparing a workbook with them."""

from tracker.features.org.queries.compare import (
    Comparison,
    Difference,
    LineResult,
    Refusal,
    UnitLine,
    compare_units,
    misplaced,
    overfull,
)
from tracker.features.org.queries.facts import FactRow, facts_of, facts_on, get_fact, in_force
from tracker.features.org.queries.history import UnitStep, history_of_unit
from tracker.features.org.queries.tree import Branch, all_branches, find_branches, tree_in_scope
from tracker.features.org.queries.units import (
    UnitRow,
    ancestors,
    children,
    get_unit,
    kinds_around,
    root_unit,
    top_units,
    unit_row,
    unit_with_code,
    units_by_code,
    units_in_scope,
)

__all__ = [
    "Branch",
    "Comparison",
    "Difference",
    "FactRow",
    "LineResult",
    "Refusal",
    "UnitLine",
    "UnitRow",
    "UnitStep",
    "all_branches",
    "ancestors",
    "children",
    "compare_units",
    "facts_of",
    "facts_on",
    "find_branches",
    "get_fact",
    "get_unit",
    "history_of_unit",
    "in_force",
    "kinds_around",
    "misplaced",
    "overfull",
    "root_unit",
    "top_units",
    "tree_in_scope",
    "unit_row",
    "unit_with_code",
    "units_by_code",
    "units_in_scope",
]
