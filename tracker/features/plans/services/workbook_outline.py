"""Taking over what a plan's workbook says of a plan's pillars and its initiatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.core.audit import Actor
from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Initiative, Pillar, Plan
from tracker.features.plans.queries import Name, WholePlan, stamp_of, stamp_of_initiative
from tracker.features.plans.services.outline import (
    InitiativeDraft,
    add_initiative,
    add_pillar,
    edit_initiative,
    edit_pillar,
)
from tracker.features.plans.services.workbook_lines import (
    Change,
    Difference,
    Kind,
    Line,
    Part,
    PlanBook,
    PlanImport,
    Units,
)
from tracker.features.plans.services.workbook_places import Codes, Initiatives

ABOUT_INITIATIVE = ("lead_unit", "supporting", "accountable", "due_on")


@dataclass
class Outline:
    """The outline while a workbook is taken over: what is there, and where the rows put indicators."""

    plan: Plan
    whole: WholePlan
    book: PlanBook
    units: Units
    found: PlanImport
    actor: Actor
    pillars: dict[str, Pillar] = field(default_factory=dict)
    said: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, Initiative] = field(default_factory=dict)
    _new: dict[int, Line] = field(default_factory=dict)
    _english_of: dict[int, Line] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.initiatives, self.codes = Initiatives(self.whole), Codes(self.whole.indicators)

    def take(self) -> None:
        """Add what is new, change what differs."""
        for row in self.whole.outline:
            self.pillars.setdefault(row.pillar.name, row.pillar)
        english = self._english()
        for line in self.book.of(Part.TASKS):
            self._take_line(line, english)
        for names, alike in self.initiatives.named.items():
            for initiative in alike:
                named = english.get(names) if initiative is alike[0] else self._english_of.get(initiative.id)
                self._finish(self.pillars[names[0]], initiative, named)
        for name, pillar in self.pillars.items():
            named = english.get((name, ""))
            name_en = named.text("name_en") if named else None
            if named and name_en and name_en != pillar.name_en:
                was = Name(pillar.name, pillar.name_en)
                different = (Difference("name_en", pillar.name_en, name_en),)
                edit_pillar(
                    self.plan,
                    pillar,
                    pillar.name,
                    name_en=name_en,
                    version=stamp_of(pillar),
                    actor=self.actor,
                )
                change = Change(Kind.PILLAR, named.part, named.row, False, "", was, different)
                self.found.changes.append(change)
        for (pillar_name, step_name), line in english.items():
            self._check_english(line, pillar_name, step_name)

    def mentioned(self) -> tuple[set[int], set[int]]:
        """Ids of the pillars and of the initiatives that the rows of tasks name."""
        names = {line.text("pillar") for line in self.book.of(Part.TASKS)}
        return {row.pillar.id for row in self.whole.outline if row.pillar.name in names}, set(self.said)

    def _english(self) -> dict[tuple[str, str], Line]:
        """Rows with English names, by the names of pillar and initiative (none: the pillar's own).

        Of several initiatives of one name each further one has a further row, kept by its id.
        """
        found: dict[tuple[str, str], Line] = {}
        waiting = {names: alike[1:] for names, alike in self.initiatives.named.items()}
        for line in self.book.of(Part.ENGLISH):
            if line.text("code") is not None:
                continue
            key = line.text("pillar") or "", line.text("initiative") or ""
            if not key[0]:
                self.found.refuse(
                    line, RuleError(N_("Say of which pillar or indicator this is."), field="pillar")
                )
            elif key in found and waiting.get(key):
                self._english_of[waiting[key].pop(0).id] = line
            elif key in found:
                error = RuleError(
                    N_("Row %(row)s is about the same. Remove one of the two."),
                    field="initiative" if key[1] else "pillar",
                    row=found[key].row,
                )
                self.found.refuse(line, error)
            else:
                found[key] = line
        return found

    def _check_english(self, line: Line, pillar_name: str, step_name: str) -> None:
        pillar = self.pillars.get(pillar_name)
        if pillar is None and not self.book.is_broken(pillar_name):
            error = RuleError(
                N_("There is no pillar %(name)s, neither in the plan nor among the tasks."),
                field="pillar",
                name=pillar_name,
            )
            self.found.refuse(line, error)
        elif pillar is not None and step_name and (pillar_name, step_name) not in self.initiatives.named:
            if self.book.is_broken(step_name):
                return
            error = RuleError(
                N_(
                    "There is no initiative %(name)s under this pillar, neither in the plan nor "
                    "among the tasks."
                ),
                field="initiative",
                name=step_name,
            )
            self.found.refuse(line, error)

    def _take_line(self, line: Line, english: dict[tuple[str, str], Line]) -> None:
        name = line.text("pillar") or ""
        if name not in self.pillars:
            named = english.get((name, ""))
            name_en = named.text("name_en") if named else None
            self.pillars[name] = add_pillar(self.plan, name, name_en=name_en, actor=self.actor)
            told = (Difference("name_en", None, name_en),) if name_en else ()
            change = Change(Kind.PILLAR, line.part, line.row, True, "", Name(name, name_en), told)
            self.found.changes.append(change)
        pillar, code, step = self.pillars[name], line.text("code"), line.text("initiative")
        if step is None:
            about = next((one for one in ("code", *ABOUT_INITIATIVE) if line.values.get(one)), None)
            if about is not None:
                self.found.refuse(
                    line,
                    RuleError(N_("Name the initiative under which this stands."), field="initiative"),
                )
            return
        key = None if code is None else self.codes.key(code)
        initiative = self.initiatives.find((name, step), key)
        if initiative is None:
            named = english.get((name, step))
            name_en = named.text("name_en") if named else None
            initiative = add_initiative(pillar, step, name_en=name_en, actor=self.actor)
            self.initiatives.named[name, step] = [initiative]
            self._new[initiative.id] = line
        self.said[initiative.id].append(line)
        if key is not None:
            self.places.setdefault(key, initiative)

    def _finish(self, pillar: Pillar, initiative: Initiative, named: Line | None) -> None:
        """What the rows say of an initiative, once all of them are known."""
        said = self._said_of(initiative)
        if named and named.text("name_en"):
            said["name_en"] = named, named.text("name_en")
        before = self._draft(initiative)
        is_new = initiative.id in self._new
        try:
            values: dict[str, Any] = {name: value for name, (_, value) in said.items()}
            after = replace(before, **values)
            if after != before:
                stamp = stamp_of_initiative(initiative)
                edit_initiative(self.plan, initiative, after, version=stamp, actor=self.actor)
        except RuleError as error:
            line, _ = said.get(error.field or "", (self._first_line(initiative, named), None))
            self.found.refuse(line, error)
            return
        old = InitiativeDraft(initiative.name) if is_new else before
        different = tuple(
            Difference(name, _plain(getattr(old, name)), _plain(getattr(after, name)))
            for name in ("name_en", *ABOUT_INITIATIVE)
            if _plain(getattr(old, name)) != _plain(getattr(after, name))
        )
        if is_new or different:
            line = next((line for line, _ in said.values()), self._first_line(initiative, named))
            first = self._new.get(initiative.id, line)
            self.found.changes.append(
                Change(
                    Kind.INITIATIVE,
                    first.part,
                    first.row,
                    is_new,
                    "",
                    Name(initiative.name, after.name_en),
                    different,
                    of=Name(pillar.name, pillar.name_en),
                )
            )

    def _first_line(self, initiative: Initiative, named: Line | None) -> Line:
        lines = self.said.get(initiative.id, [])
        if lines:
            return lines[0]
        return named if named is not None else Line(Part.TASKS, 0, {})

    def _said_of(self, initiative: Initiative) -> dict[str, tuple[Line, object]]:
        """What the rows say of the initiative, with the row; rows that say something else are refused."""
        found: dict[str, tuple[Line, object]] = {}
        # Units that were moved away from below the plan's own stay as long as the row names them.
        kept = [unit for unit in self._units_of(initiative) if unit is not None]
        readers: dict[str, Callable[[Line], object]] = {
            "lead_unit": lambda line: self.units.find(line.text("lead_unit") or "", kept),
            "supporting": lambda line: self._supporting(line, kept),
            "accountable": lambda line: line.text("accountable"),
            "due_on": lambda line: line.day("due_on"),
        }
        for line in self.said.get(initiative.id, []):
            for name, read in readers.items():
                if line.values.get(name) is None:
                    continue
                try:
                    value = read(line)
                except RuleError as error:
                    self.found.refuse(line, error, name)
                    continue
                if name in found and found[name][1] != value:
                    other = RuleError(
                        N_("Row %(row)s says something else of the same initiative. Let both say the same."),
                        field=name,
                        row=found[name][0].row,
                    )
                    self.found.refuse(line, other)
                found.setdefault(name, (line, value))
        return found

    def _supporting(self, line: Line, kept: list[UnitRow]) -> list[UnitRow]:
        """The units in the order in which they are kept, so that another order is no change."""
        return sorted(self.units.find_all(line.text("supporting") or "", kept), key=lambda unit: unit.id)

    def _units_of(self, initiative: Initiative) -> list[UnitRow | None]:
        """The lead unit, if there is one, and those that support it."""
        units, supporting = self.whole.units, sorted(self.whole.supporting.get(initiative.id, ()))
        return [units.get(initiative.lead_unit_id or 0), *(units[one] for one in supporting)]

    def _draft(self, initiative: Initiative) -> InitiativeDraft:
        lead, *supporting = self._units_of(initiative)
        return InitiativeDraft(
            initiative.name,
            initiative.name_en,
            lead,
            [unit for unit in supporting if unit is not None],
            initiative.accountable,
            initiative.due_on,
        )


def _plain(value: object) -> object:
    """A value that outlives the session: names instead of units."""
    if isinstance(value, UnitRow):
        return Name(value.name, value.name_en)
    if isinstance(value, (list, tuple)):
        return tuple(_plain(one) for one in value) or None
    return value
