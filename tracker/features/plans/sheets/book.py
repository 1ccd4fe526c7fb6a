"""A whole plan as a workbook, and an empty one to begin a plan with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext

from tracker.core.clock import now, today, zone
from tracker.core.format import day as day_words
from tracker.core.i18n import language, name_of, word
from tracker.core.instance import instance_facts
from tracker.domain.errors import N_
from tracker.excel.columns import (
    GENERAL,
    RATE,
    Align,
    Book,
    Column,
    FontSet,
    Sheet,
    Table,
    Value,
    decimals,
)
from tracker.excel.layout import lay_out
from tracker.excel.write import write
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import ManagedPlan, whole_plan
from tracker.features.plans.services import Part
from tracker.features.plans.sheets.rows import PLACES, PlanRows, Row
from tracker.features.plans.sheets.words import (
    CHOICES,
    HEADINGS,
    LONG_TEXTS,
    MEANINGS,
    SHEETS,
    SHOWN,
    YES_OR_NO,
    choices,
    general_meaning,
    meaning,
)

_ENGLISH_FONTS = FontSet(title="Times New Roman", body="Times New Roman", head="Arial", title_size=18)
_BLANK_ROWS = 20
"""Rows with a frame on each sheet of an empty workbook; more can be filled in below."""

_COLUMNS: Mapping[Part, tuple[tuple[str, float], ...]] = {
    Part.COVER: (
        ("code", 14),
        ("name", 34),
        ("name_en", 34),
        ("unit", 16),
        ("starts_on", 13),
        ("ends_on", 13),
        ("frequency", 12),
        ("amber_limit", 14),
        ("red_limit", 14),
        ("asks_why_behind", 14),
        ("review_steps", 12),
    ),
    Part.TASKS: (
        ("pillar", 15),
        ("initiative", 16),
        ("code", 9),
        ("number", 9),
        ("name", 26),
        ("definition", 36),
        ("unit_of_measure", 9),
        ("plan_target", 11),
        ("lead_unit", 14),
        ("supporting", 18),
        ("accountable", 14),
        ("due_on", 12),
    ),
    Part.SETTINGS: (
        ("code", 9),
        ("indicator", 30),
        ("measure", 22),
        ("direction", 12),
        ("reported_as", 20),
        ("schedule", 15),
        ("decimals", 9),
        ("may_be_negative", 10),
        ("may_exceed", 10),
        ("needs_evidence", 10),
        ("due_on", 12),
        ("categories", 28),
        ("guide", 44),
    ),
    Part.TARGETS: (
        ("code", 9),
        ("indicator", 32),
        ("measured_in", 10),
        ("unit", 12),
        ("unit_name", 24),
        ("reports", 9),
        ("target", 13),
        ("baseline", 12),
        ("below", 13),
        ("difference", 13),
        ("since", 13),
    ),
    Part.CURVES: (("code", 9), ("indicator", 36), ("day", 16), ("share", 16)),
    Part.ENGLISH: (
        ("pillar", 18),
        ("initiative", 20),
        ("code", 9),
        ("name_en", 36),
        ("unit_of_measure_en", 14),
        ("definition_en", 44),
        ("categories_en", 26),
        ("guide_en", 44),
    ),
}
"""The columns of each sheet with their widths in characters."""

_LEFT = {*LONG_TEXTS, "name", "name_en", "pillar", "initiative", "indicator", "unit_name", "supporting"}
_LEFT |= {"categories", "categories_en"}
_AMOUNTS = {"plan_target", "target", "baseline", "below", "difference"}
_DAYS = {"starts_on", "ends_on", "due_on", "day", "since"}
_LISTED = {*CHOICES, "frequency", *YES_OR_NO}
_UNITS = N_("Units")


@dataclass(frozen=True)
class _Maker:
    """What all sheets of one workbook share."""

    title: str
    unit: str
    span: str
    units: Sequence[UnitRow]
    rows: Callable[[Part], list[Row]]
    made_by: str
    made_at: datetime
    fonts: FontSet = field(default_factory=lambda: _ENGLISH_FONTS if language() == "en" else FontSet())

    def book(self) -> Book:
        """All sheets in their order; what it is stands on the last."""
        units = self._units_sheet()
        at = lay_out(units)
        offers = {
            "unit": at.column("code"),
            "lead_unit": at.column("name"),
        }
        made = {part: self._part(part, offers) for part in Part}
        return Book(self.title, (*made.values(), units, self._help(), self._about(made)), self.made_at)

    def _part(self, part: Part, offers: Mapping[str, str]) -> Sheet:
        sheet = gettext(SHEETS[part])
        columns = tuple(_column(part, key, width, offers) for key, width in _COLUMNS[part])
        return Sheet(
            name=sheet,
            title=self.title
            if part is Part.COVER
            else gettext("%(plan)s: %(sheet)s", plan=self.title, sheet=sheet),
            left=gettext("Reporting unit (seal): %(unit)s", unit=self.unit),
            centre=self.span,
            right=gettext("Sample data: figures and names are illustrative")
            if instance_facts().is_sample and self.unit
            else "",
            tables=(Table(columns=columns, rows=self.rows(part)),),
            footer=gettext("Page &P of &N"),
            fonts=self.fonts,
            portrait=part is Part.CURVES,
        )

    def _units_sheet(self) -> Sheet:
        named = {unit.id: name_of(unit) for unit in self.units}

        def above(unit: UnitRow) -> Value:
            return named.get(unit.line[-2]) if len(unit.line) > 1 else None

        columns = (
            Column[UnitRow]("code", (gettext("Code of the unit"),), lambda unit: unit.code, 14),
            Column[UnitRow]("name", (gettext("Unit"),), name_of, 36, align=Align.LEFT),
            Column[UnitRow]("kind", (gettext("Kind"),), lambda unit: word(unit.kind), 12),
            Column[UnitRow]("above", (gettext("Unit above"),), above, 28, align=Align.LEFT),
        )
        return self._plain(gettext(_UNITS), Table(columns=columns, rows=self.units))

    def _help(self) -> Sheet:
        rows = [("", "", general_meaning())]
        for part, meanings in MEANINGS.items():
            rows += [
                (gettext(SHEETS[part]), gettext(HEADINGS[part][name]), meaning(text))
                for name, text in meanings.items()
            ]
        columns = (
            Column[tuple[str, str, str]]("sheet", (gettext("Sheet"),), lambda row: row[0], 16),
            Column[tuple[str, str, str]]("field", (gettext("Column"),), lambda row: row[1], 22),
            Column[tuple[str, str, str]](
                "meaning", (gettext("What belongs there"),), lambda row: row[2], 66, align=Align.LEFT
            ),
        )
        return self._plain(gettext("How to fill it in"), Table(columns=columns, rows=rows))

    def _about(self, made: Mapping[Part, Sheet]) -> Sheet:
        rows = [
            (gettext("Plan"), self.title),
            (gettext("Unit"), self.unit),
            (gettext("Span"), self.span),
            *(
                (sheet.name, gettext("%(count)s rows", count=sum(map(bool, sheet.tables[0].rows))))
                for part, sheet in made.items()
                if part is not Part.COVER
            ),
            (gettext("Made at"), f"{day_words(self.made_at.date())} {self.made_at:%H:%M}"),
            (gettext("Made by"), self.made_by),
        ]
        columns = (
            Column[tuple[str, str]]("item", (gettext("Item"),), lambda row: row[0], 26, align=Align.LEFT),
            Column[tuple[str, str]]("said", (gettext("Content"),), lambda row: row[1], 70, align=Align.LEFT),
        )
        return self._plain(gettext("About this workbook"), Table(columns=columns, rows=rows))

    def _plain(self, name: str, table: Table) -> Sheet:  # type: ignore[type-arg]  # a table of any kind of line
        return Sheet(
            name=name,
            title=name,
            tables=(table,),
            footer=gettext("Page &P of &N"),
            fonts=self.fonts,
            portrait=True,
        )


def plan_file(found: ManagedPlan, *, made_by: str) -> tuple[str, bytes]:
    """(file name, content) of a plan, in the language being spoken."""
    plan = found.plan
    rows = PlanRows(found, whole_plan(plan, found.unit))
    maker = _Maker(
        title=name_of(plan),
        unit=name_of(found.unit),
        span=gettext("%(first)s to %(last)s", first=day_words(plan.starts_on), last=day_words(plan.ends_on)),
        units=rows.units(),
        rows=rows.of,
        made_by=made_by,
        made_at=now().astimezone(zone()),
    )
    return _file_name(f"{name_of(plan)}-{gettext(SHEETS[Part.TASKS])}"), write(maker.book())


def plan_template(units: Sequence[UnitRow], *, made_by: str) -> tuple[str, bytes]:
    """(file name, content) of an empty workbook for a plan at one of the units."""
    title = gettext("New plan")
    maker = _Maker(
        title=title,
        unit="",
        span="",
        units=units,
        rows=lambda part: [{}] if part is Part.COVER else [{}] * _BLANK_ROWS,
        made_by=made_by,
        made_at=now().astimezone(zone()),
    )
    return _file_name(f"{title}-{gettext(SHEETS[Part.TASKS])}"), write(maker.book())


def _file_name(stem: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\s]+', "-", f"{stem}_{today()}.xlsx")


def _column(part: Part, key: str, width: float, offers: Mapping[str, str]) -> Column[Row]:
    heading = HEADINGS[part].get(key) or SHOWN[key]

    def number_format(row: Row) -> str:
        places = row.get(PLACES)
        return decimals(places) if isinstance(places, int) else GENERAL

    look: str | Callable[[Row], str] = GENERAL
    if key in _AMOUNTS:
        look = number_format
    elif key in _DAYS:
        look = "yyyy-mm-dd"
    elif key == "share":
        look = f"{RATE}0"
    amount = key in _AMOUNTS or key == "share"
    return Column(
        key,
        (gettext(heading),),
        lambda row: row.get(key),
        width,
        look,
        Align.RIGHT if amount else Align.LEFT if key in _LEFT else Align.CENTRE,
        choices=choices(key) if key in _LISTED else (),
        offers=offers.get(key),
    )
