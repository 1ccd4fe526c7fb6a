"""Changing the tree and what is known of its units."""

from tracker.features.org.services.facts import FactDraft, add_fact, correct_fact, remove_fact
from tracker.features.org.services.units import UnitDraft, add_unit, change_unit, found_unit
from tracker.features.org.services.workbook import import_units, record_units_export

__all__ = [
    "FactDraft",
    "UnitDraft",
    "add_fact",
    "add_unit",
    "change_unit",
    "correct_fact",
    "found_unit",
    "import_units",
    "record_units_export",
    "remove_fact",
]
