"""The grid of targets, the list of units that report, and the points of a curve, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from tracker.core.i18n import say
from tracker.domain.curves import PERCENT_PLACES
from tracker.domain.errors import RuleError
from tracker.domain.numbers import parse_number, plain
from tracker.features.org.models import UnitKind
from tracker.features.plans.forms.sent import text
from tracker.features.plans.models import CurvePoint
from tracker.features.plans.queries import Split, SplitRow, TreeUnit
from tracker.features.plans.services import TargetDraft, Why
from tracker.features.plans.services.splits import Cell

LONGEST_REASON = 500


@dataclass
class TargetsForm:
    """The targets and baselines of an indicator as typed, by (unit id, which of the two)."""

    split: Split
    typed: dict[Cell, str]
    version: str
    reason: str = ""
    from_on: str = ""
    errors: dict[Cell, str] = field(default_factory=dict)
    field_errors: dict[str, str] = field(default_factory=dict)
    drafts: dict[int, TargetDraft] = field(default_factory=dict)

    def read(self) -> bool:
        """Read every cell into :attr:`drafts`; False when one cannot be read, which then says why."""
        numbers: dict[Cell, Decimal | None] = {}
        for cell, said in self.typed.items():
            try:
                numbers[cell] = self._number(said)
            except RuleError as error:
                self.errors[cell] = say(error)
        for row in self.split.rows:
            unit = row.place.unit.id
            if (unit, "target") in numbers and (unit, "baseline") in numbers:
                self.drafts[unit] = TargetDraft(numbers[unit, "target"], numbers[unit, "baseline"])
        self.why()
        return not self.errors and not self.field_errors

    def why(self) -> Why:
        """Why the targets change; a day that cannot be read is said at its field."""
        reason, day = text(self.reason) or "", None
        if len(reason) > LONGEST_REASON:
            self.field_errors["reason"] = gettext("At most 500 characters. Please shorten it.")
        if self.from_on.strip():
            try:
                day = date.fromisoformat(self.from_on.strip().replace("/", "-"))
            except ValueError:
                self.field_errors["from_on"] = gettext("This is not a day. Enter it like 2023-06-30.")
        return Why(reason, day)

    def refuse(self, error: RuleError) -> bool:
        """Show a broken rule where it belongs; False when it belongs to no part of the grid."""
        self.errors |= {cell: say(one) for cell, one in getattr(error, "by_cell", {}).items()}
        if error.field in {"reason", "from_on"}:
            self.field_errors[error.field] = say(error)
        return bool(self.errors or self.field_errors)

    def own_targets(self) -> dict[int, Decimal]:
        """What is typed as targets, as far as it can be read, for adding up."""
        found = {}
        for (unit, which), said in self.typed.items():
            if which == "target":
                try:
                    value = self._number(said)
                except RuleError:
                    continue
                if value is not None:
                    found[unit] = value
        return found

    def _number(self, said: str) -> Decimal | None:
        if not said.strip():
            return None
        indicator = self.split.indicator
        return parse_number(said, decimals=indicator.decimals, negative=indicator.may_be_negative)


def saved_targets(split: Split) -> TargetsForm:
    """The grid of what is saved."""
    typed = {}
    for row in split.rows:
        typed[row.place.unit.id, "target"] = _plain(row.target)
        typed[row.place.unit.id, "baseline"] = _plain(row.baseline)
    return TargetsForm(split, typed, split.stamp)


def sent_targets(split: Split, sent: Mapping[str, str]) -> TargetsForm:
    """The grid as it was sent; units that were not sent stay as they are saved."""
    form = saved_targets(split)
    for unit, which in form.typed:
        form.typed[unit, which] = sent.get(cell_name(unit, which), form.typed[unit, which])
    form.version = sent.get("version", "")
    form.reason, form.from_on = sent.get("reason", ""), sent.get("from_on", "")
    return form


def cell_name(unit_id: int, which: str) -> str:
    """The name of a cell's input."""
    return f"t{unit_id}-{which}"


def differing_rows(form: TargetsForm) -> list[tuple[SplitRow, str, str]]:
    """Units whose saved targets differ from what is typed: (row, saved, typed)."""
    saved = saved_targets(form.split)
    found = []
    for row in form.split.rows:
        theirs, yours = (
            " / ".join(one.typed[row.place.unit.id, which] or "—" for which in ("target", "baseline"))
            for one in (saved, form)
        )
        if theirs != yours:
            found.append((row, theirs, yours))
    return found


@dataclass(frozen=True)
class ReportersForm:
    """Which units are to report an indicator: those that are ticked, and all of the kinds that are."""

    units: frozenset[str]
    kinds: frozenset[str]
    version: str

    def chosen(self, tree: Sequence[TreeUnit], locked: frozenset[int]) -> list[TreeUnit]:
        """The units of the tree that were chosen; ``locked`` ones stay, since they have figures.

        A tick for a whole kind does not mean units that are no more.
        """
        return [
            place
            for place in tree
            if place.unit.code in self.units
            or (place.unit.kind in self.kinds and not place.is_over)
            or place.unit.id in locked
        ]


def sent_reporters(sent: Any) -> ReportersForm:
    """What was ticked."""
    kinds = {kind.value for kind in UnitKind} & set(sent.getlist("kind"))
    return ReportersForm(frozenset(sent.getlist("unit")), frozenset(kinds), sent.get("version", ""))


@dataclass
class CurveForm:
    """The planned cumulative shares in percent as typed, by day."""

    typed: dict[date, str]
    version: str
    errors: dict[date, str] = field(default_factory=dict)
    shares: dict[date, Decimal] = field(default_factory=dict)

    def read(self) -> bool:
        """Read every share, blank months left out; False when one cannot be read, which then says why."""
        for day, said in self.typed.items():
            if not said.strip():
                continue
            try:
                percent = parse_number(said.strip().removesuffix("%"), decimals=PERCENT_PLACES)
                self.shares[day] = percent / 100
            except RuleError as error:
                self.errors[day] = say(error)
        return not self.errors


def saved_curve(days: Sequence[date], points: Sequence[CurvePoint], version: str) -> CurveForm:
    """The curve that is saved; months without a point are blank."""
    return filled_curve(days, {point.day: point.share for point in points}, version)


def filled_curve(days: Sequence[date], shares: Mapping[date, Decimal], version: str) -> CurveForm:
    """A curve of these shares."""
    return CurveForm({day: _plain(shares[day] * 100 if day in shares else None) for day in days}, version)


def sent_curve(days: Sequence[date], sent: Mapping[str, str]) -> CurveForm:
    """The curve as it was sent."""
    return CurveForm({day: sent.get(f"p{day.isoformat()}", "") for day in days}, sent.get("version", ""))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
