"""Taking over what a plan's workbook says of its indicators, on up to three sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tracker.core.audit import Actor
from tracker.domain.errors import N_, RuleError
from tracker.features.plans.models import Category, Indicator, Initiative, Plan
from tracker.features.plans.queries import Figures, Name, WholePlan, joined, stamp_of_indicator
from tracker.features.plans.services.indicators import (
    CategoryDraft,
    IndicatorDraft,
    ManyRefusals,
    add_indicator,
    edit_indicator,
)
from tracker.features.plans.services.workbook_lines import (
    Change,
    Difference,
    Kind,
    Line,
    Part,
    PlanBook,
    PlanImport,
    split_list,
)
from tracker.features.plans.services.workbook_places import Codes

FIELDS: dict[Part, tuple[str, ...]] = {
    Part.TASKS: ("number", "name", "definition", "unit_of_measure"),
    Part.SETTINGS: (
        "measure",
        "direction",
        "reported_as",
        "schedule",
        "decimals",
        "may_be_negative",
        "may_exceed",
        "needs_evidence",
        "due_on",
        "categories",
        "guide",
    ),
    Part.ENGLISH: ("name_en", "unit_of_measure_en", "definition_en", "categories_en", "guide_en"),
}
"""Which sheet says what of an indicator."""

_PART_OF = {name: part for part, names in FIELDS.items() for name in names}
_LISTS = ("categories", "categories_en")
_SIGNS = "；;"

_Lines = dict[Part, Line]


@dataclass
class Indicators:
    """The indicators while a workbook is taken over, by their codes."""

    plan: Plan
    whole: WholePlan
    book: PlanBook
    places: dict[str, Initiative]
    figures: Figures
    found: PlanImport
    actor: Actor
    known: dict[str, Indicator] = field(default_factory=dict)
    added: set[int] = field(default_factory=set)
    lines: dict[str, _Lines] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = Codes(self.whole.indicators)

    def take(self) -> None:
        """Add what is new, change what differs."""
        self.known = {one.code: one for one in self.whole.indicators}
        for part in FIELDS:
            for line in self.book.of(part):
                self._collect(part, line)
        for key, lines in self.lines.items():
            self._take(key, lines)

    def mentioned(self) -> set[int]:
        """Ids of the indicators that the workbook names."""
        return {self.known[key].id for key in self.lines if key in self.known}

    def find(self, line: Line) -> Indicator | None:
        """The indicator that a row names; an unknown one is refused once, and is None."""
        code = line.text("code") or ""
        key = self.codes.key(code)
        indicator = self.known.get(key)
        if indicator is None and not self.book.is_broken(code) and key not in self.lines:
            error = RuleError(
                N_("There is no indicator %(code)s, neither in the plan nor among the tasks."),
                field="code",
                code=code,
            )
            self.found.refuse(line, error)
        return indicator

    def _collect(self, part: Part, line: Line) -> None:
        code = line.text("code")
        if code is None:
            if part is Part.TASKS and line.text("name") is not None:
                self.found.refuse(line, RuleError(N_("An indicator needs a code."), field="code"))
            return
        key = self.codes.key(code)
        lines = self.lines.get(key, {})
        if part is not Part.TASKS and key not in self.known and Part.TASKS not in lines:
            self.find(line)
            return
        if part in lines:
            error = RuleError(
                N_("Row %(row)s has the same code. Remove one of the two."), field="code", row=lines[part].row
            )
            self.found.refuse(line, error)
            return
        self.lines[key] = {**lines, part: line}

    def _take(self, key: str, lines: _Lines) -> None:
        known = self.known.get(key)
        initiative = self.places.get(key)
        if known is None and not self._is_complete(lines):
            return
        values: dict[str, Any] = _values(known) if known else {"code": lines[Part.TASKS].text("code")}
        before = dict(values)
        try:
            categories = self._categories(known, lines)
            values |= self._given(lines)
            parts: dict[str, Any] = {"categories": [(one.name, one.name_en) for one in categories]}
            draft = IndicatorDraft(**values, **parts)
            different = _differences(before, values)
            different += self._category_differences(known, categories)
            if known is None:
                if initiative is None:
                    return  # Its row lacks the initiative, and says so.
                self.known[key] = add_indicator(self.plan, initiative, draft, actor=self.actor)
                self.added.add(self.known[key].id)
            else:
                was = self._initiative_of(known)
                if initiative is not None and initiative.id != known.initiative_id:
                    different.append(Difference("initiative", was, Name(initiative.name, initiative.name_en)))
                if not different:
                    return
                edit_indicator(
                    self.plan,
                    known,
                    draft,
                    categories,
                    initiative=initiative,
                    figures=self.figures,
                    version=stamp_of_indicator(known),
                    actor=self.actor,
                )
        except ManyRefusals as error:
            for name, one in error.by_field.items():
                self._refuse(lines, one, name)
            return
        except RuleError as error:
            self._refuse(lines, error, error.field)
            return
        self._note(lines, known is None, draft, different)

    def _note(self, lines: _Lines, is_new: bool, draft: IndicatorDraft, different: list[Difference]) -> None:
        changed = {_PART_OF.get(one.field, Part.TASKS) for one in different}
        part = next((part for part in FIELDS if part in lines and part in changed), next(iter(lines)))
        part = Part.TASKS if is_new else part
        name = Name(draft.name, draft.name_en)
        self.found.changes.append(
            Change(Kind.INDICATOR, part, lines[part].row, is_new, draft.code, name, tuple(different))
        )

    def _is_complete(self, lines: _Lines) -> bool:
        """Whether a new indicator has what it needs; what lacks is said."""
        whole = True
        for name in ("name", "unit_of_measure", "measure"):
            line = lines.get(_PART_OF[name])
            if line is None:
                self.found.refuse(
                    lines[Part.TASKS],
                    RuleError(
                        N_("A new indicator needs a row among the settings, with its kind of number."),
                        field="code",
                    ),
                )
                whole = False
            elif line.values.get(name) is None:
                self.found.refuse(line, RuleError(N_("A new indicator needs this."), field=name))
                whole = False
        return whole

    def _given(self, lines: _Lines) -> dict[str, object]:
        found: dict[str, object] = {}
        for part, line in lines.items():
            for name in FIELDS[part]:
                value = line.values.get(name)
                if name not in _LISTS and value is not None:
                    found[name] = value
        return found

    def _categories(self, known: Indicator | None, lines: _Lines) -> list[CategoryDraft]:
        """The categories as they are to be. As many as before are renamed in their places."""
        old = self.whole.categories.get(known.id, ()) if known else ()
        drafts = [CategoryDraft(one.id, one.name, one.name_en) for one in old]
        settings, english = lines.get(Part.SETTINGS), lines.get(Part.ENGLISH)
        said = settings.text("categories") if settings else None
        if said is not None and said != joined([one.name for one in old]):
            drafts = _matched(split_list(said, _SIGNS), old)
        said_en = english.text("categories_en") if english else None
        if said_en is not None and said_en != joined([one.name_en for one in drafts]):
            names = split_list(said_en, _SIGNS)
            if len(names) != len(drafts):
                raise RuleError(
                    N_("The indicator has %(count)s categories. Enter as many English names, parted by “;”."),
                    field="categories_en",
                    count=len(drafts),
                )
            drafts = [CategoryDraft(one.id, one.name, name) for one, name in zip(drafts, names, strict=True)]
        return drafts

    def _category_differences(
        self, known: Indicator | None, drafts: Sequence[CategoryDraft]
    ) -> list[Difference]:
        old = self.whole.categories.get(known.id, ()) if known else ()
        return [
            Difference(name, before or None, after or None)
            for name, before, after in (
                ("categories", joined([one.name for one in old]), joined([one.name for one in drafts])),
                ("categories_en", _english(old), _english(drafts)),
            )
            if before != after
        ]

    def _initiative_of(self, known: Indicator) -> Name:
        steps = [step.initiative for pillar in self.whole.outline for step in pillar.initiatives]
        step = next(one for one in steps if one.id == known.initiative_id)
        return Name(step.name, step.name_en)

    def _refuse(self, lines: _Lines, error: RuleError, name: str | None) -> None:
        """Say it at the field's cell, or at the code of the first row when the field has no row."""
        line = lines.get(_PART_OF.get(name or "", Part.TASKS))
        if line is None:
            self.found.refuse(next(iter(lines.values())), error, "code")
        else:
            self.found.refuse(line, error, name if name in _PART_OF else "code")


def _values(known: Indicator) -> dict[str, object]:
    names = {one.name for one in fields(IndicatorDraft)} - {"categories", "curve"}
    return {name: getattr(known, name) for name in names}


def _differences(before: dict[str, object], after: dict[str, object]) -> list[Difference]:
    return [
        Difference(name, before.get(name), after[name])
        for name in _PART_OF
        if name in after and before.get(name) != after[name]
    ]


def _english(rows: Sequence[Category | CategoryDraft]) -> str:
    """English names in one cell; empty when there are none at all."""
    return joined([one.name_en for one in rows]) if any(one.name_en for one in rows) else ""


def _matched(names: Sequence[str], old: Sequence[Category]) -> list[CategoryDraft]:
    """Categories by their names; as many new names as old ones are missing take their places in order."""
    by_name = {one.name: one for one in old}
    missing = [one for one in old if one.name not in names]
    fresh = [name for name in names if name not in by_name]
    if len(fresh) == len(missing):
        by_name |= dict(zip(fresh, missing, strict=True))
    found = []
    for name in names:
        one = by_name.get(name)
        found.append(CategoryDraft(one.id if one else None, name, one.name_en if one else None))
    return found
