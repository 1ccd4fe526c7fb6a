"""The preview of a pasted block: which cells would change, from what to what, and what is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from tracker.core.format import listed
from tracker.core.i18n import say
from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import PLACES, parse_number, plain
from tracker.domain.paste import Pasted, Target, place_block, read_block
from tracker.features.reports.forms import CellForm, cell_input, saved_cell
from tracker.features.reports.pages.cells import cell_label
from tracker.features.reports.queries import Cell, Sheet


def paste_preview(sheet: Sheet, text: str, name: str) -> dict[str, Any]:
    """What pasting a block at a cell would do. Raises :class:`RuleError` where it cannot be understood."""
    targets = [_target(cell) for cell in sheet.cells]
    names = [cell_input(cell) for cell in sheet.cells]
    start = names.index(name) if name in names else 0
    cells = {cell.key: cell for cell in sheet.cells}
    block = place_block(read_block(text), targets, start)
    lines = [line for one in block.cells if (line := _line(cells[one.key], one))]
    if not lines and not block.unknown:
        raise RuleError(N_("Nothing would change: the block says what stands here already."))
    good = sum(1 for line in lines if not line["refused"])
    bad = len(lines) - good
    said = []
    if good:
        said.append(ngettext("%(num)s cell will be filled.", "%(num)s cells will be filled.", good))
    if bad:
        said.append(ngettext("%(num)s cell is refused.", "%(num)s cells are refused.", bad))
    if block.unknown:
        named = listed(dict.fromkeys(block.unknown))
        said.append(gettext("This sheet has no cell for: %(names)s.", names=named))
    return {"lines": lines, "said": " ".join(said), "fits": good}


def _line(cell: Cell, pasted: Pasted) -> dict[str, Any] | None:
    """One line of the preview; None where nothing would change."""
    saved = saved_cell(cell)
    value, whole = (*pasted.texts, "", "")[:2]
    name = cell_input(cell)
    form = CellForm(cell, MultiDict({f"{name}-value": value, f"{name}-whole": whole}))
    read, error = form.judged()
    refused = say(error) if error else None
    if pasted.refused is not None:
        refused = gettext(pasted.refused, **(pasted.params or {}))
    if error is None and pasted.refused is None:
        # As it will stand in the cell, without what surrounded it.
        value, whole = (
            text and plain(parse_number(text, decimals=PLACES, negative=True)) for text in (value, whole)
        )
    old, new = "/".join(filter(None, saved.numbers)), "/".join(filter(None, (value, whole)))
    held = saved.judged()[0]
    if refused is None and read and held and (read.value, read.denominator) == (held.value, held.denominator):
        return None
    return {
        "name": name,
        "label": cell_label(cell),
        "old": gettext("Not applicable") if saved.na.data else old,
        "new": new,
        "value": value,
        "whole": whole,
        "refused": refused,
    }


def _target(cell: Cell) -> Target:
    indicator, category = cell.indicator, cell.category
    names = (indicator.code, indicator.name, indicator.name_en, indicator.number)
    parts = (category.name, category.name_en) if category else ()
    return Target(
        cell.key,
        tuple(name for name in names if name),
        tuple(part for part in parts if part),
        tuple(unit for unit in (indicator.unit_of_measure, indicator.unit_of_measure_en) if unit),
        2 if indicator.measure.has_denominator else 1,
    )
