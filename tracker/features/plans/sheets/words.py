"""The words of a plan's workbook: its sheets, their headings, and what belongs into each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask_babel import gettext

from tracker.core.i18n import WORDS, language
from tracker.core.workbooks import in_every_language
from tracker.domain.errors import N_
from tracker.domain.measures import Direction, Measure, ReportedAs
from tracker.domain.periods import Frequency
from tracker.domain.schedule import Schedule
from tracker.features.plans.services import Part

FREQUENCIES = {
    Frequency.MONTH: N_("Every month"),
    Frequency.QUARTER: N_("Every quarter"),
    Frequency.HALF_YEAR: N_("Every half-year"),
    Frequency.YEAR: N_("Once a year"),
}

SHEETS: dict[Part, str] = {
    Part.COVER: N_("Plan"),
    Part.TASKS: N_("Task breakdown"),
    Part.SETTINGS: N_("Indicator settings"),
    Part.TARGETS: N_("Target split"),
    Part.CURVES: N_("Planned curves"),
    Part.ENGLISH: N_("English names"),
}
"""The name of each sheet that is read, in the order of the workbook."""

_MORE_SHEETS = {
    Part.COVER: ("方案",),
    Part.TASKS: ("任务分解", "Tasks"),
    Part.SETTINGS: ("指标设置表",),
    Part.TARGETS: ("目标分解表", "填报单位", "Targets"),
    Part.CURVES: ("计划曲线表",),
    Part.ENGLISH: ("英文",),
}

HEADINGS: dict[Part, dict[str, str]] = {
    Part.COVER: {
        "code": N_("Plan code"),
        "name": N_("Name"),
        "name_en": N_("English name"),
        "unit": N_("Unit"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
        "frequency": N_("How often it is reported"),
        "amber_limit": N_("On track from a gap of"),
        "red_limit": N_("At risk from a gap of"),
        "asks_why_behind": N_("Ask for a sentence on what is behind"),
        "review_steps": N_("Steps of review"),
    },
    Part.TASKS: {
        "pillar": N_("Pillar"),
        "initiative": N_("Initiative"),
        "code": N_("Indicator code"),
        "number": N_("Number in the rule book"),
        "name": N_("Indicator"),
        "definition": N_("Definition"),
        "unit_of_measure": N_("Unit of measure"),
        "lead_unit": N_("Lead unit"),
        "supporting": N_("Supporting units"),
        "accountable": N_("Accountable leader"),
        "due_on": N_("To be finished by"),
    },
    Part.SETTINGS: {
        "code": N_("Indicator code"),
        "measure": N_("Kind of number"),
        "direction": N_("Direction"),
        "reported_as": N_("What is typed"),
        "schedule": N_("Schedule"),
        "decimals": N_("Decimal places"),
        "may_be_negative": N_("May be below zero"),
        "may_exceed": N_("May exceed its whole"),
        "needs_evidence": N_("Evidence is needed"),
        "due_on": N_("To be finished by"),
        "categories": N_("Categories"),
        "guide": N_("Help for filling in"),
    },
    Part.TARGETS: {
        "code": N_("Indicator code"),
        "unit": N_("Code of the unit"),
        "reports": N_("Reports it"),
        "target": N_("Target"),
        "baseline": N_("Baseline"),
    },
    Part.CURVES: {
        "code": N_("Indicator code"),
        "day": N_("By the end of"),
        "share": N_("Planned share (%)"),
    },
    Part.ENGLISH: {
        "pillar": N_("Pillar"),
        "initiative": N_("Initiative"),
        "code": N_("Indicator code"),
        "name_en": N_("English name"),
        "unit_of_measure_en": N_("Unit of measure in English"),
        "definition_en": N_("Definition in English"),
        "categories_en": N_("Categories in English"),
        "guide_en": N_("Help for filling in, in English"),
    },
}
"""The heading of each field that is read, by sheet."""

LONG_TEXTS = {"definition", "definition_en", "guide", "guide_en"}
"""Fields that may take several lines."""

SHOWN: dict[str, str] = {
    "plan_target": N_("Target of the plan"),
    "indicator": N_("Indicator"),
    "measured_in": N_("Unit of measure"),
    "unit_name": N_("Unit"),
    "below": N_("Sum of those below"),
    "difference": N_("Difference to its target"),
    "since": N_("Target changed from"),
}
"""Headings of columns that are only shown; whatever stands in them is not read."""

_MORE_HEADINGS = {
    "code": ("编号", "Code"),
    "unit": ("编码", "Unit code"),
    "pillar": ("重点任务",),
    "name": ("指标名称", "Indicator name"),
    "number": ("序号", "Number"),
    "accountable": ("责任人",),
    "reports": ("是否填报",),
    "day": ("日期", "Day"),
    "share": ("计划累计占比",),
}

_GENERAL = N_("An empty cell changes nothing.")
MEANINGS: dict[Part, dict[str, str]] = {
    Part.COVER: {
        "code": N_("Short, for addresses and file names: letters, digits and dashes, for example LC-2023."),
        "name": N_("As on the cover of the document. Needed for a new plan."),
        "unit": N_("Name or code of the unit whose plan it is."),
        "starts_on": N_("With the last day the span of the plan. Code, unit, days and frequency stay later."),
        "frequency": N_("One of: %(frequency)s. Without a word it is every month."),
        "amber_limit": N_("Percentage points; an indicator with a gap of at least this much is on track."),
        "red_limit": N_("Percentage points; below this gap an indicator is behind."),
        "asks_why_behind": N_("Yes: whoever submits says in one sentence why an indicator is behind."),
        "review_steps": N_(
            "1: a reviewer approves. 2: the community checks first, then the office approves."
        ),
    },
    Part.TASKS: {
        "pillar": N_("Needed in every row. A name that the plan does not have yet makes a new pillar."),
        "initiative": N_("A name that the pillar does not have yet makes a new initiative."),
        "code": N_("Each code once. It tells which indicator the row is about; a new code makes a new one."),
        "number": N_("Ⅰ, Ⅱ or Ⅲ where the rule book has one."),
        "name": N_("Needed for a new indicator."),
        "definition": N_("How the figure is counted; shown beside the field of whoever reports."),
        "unit_of_measure": N_("Needed for a new indicator, for example 个, 万元, %."),
        "lead_unit": N_("Name or code. It belongs to the initiative: one of its rows is enough."),
        "supporting": N_("Names or codes, parted by “、” or “;”. They belong to the initiative."),
        "accountable": N_("The office, not a person's name. It belongs to the initiative."),
        "due_on": N_("Of the initiative, such as 2022-06-30."),
    },
    Part.SETTINGS: {
        "measure": N_("Needed for a new indicator. One of: %(measure)s."),
        "direction": N_("One of: %(direction)s."),
        "reported_as": N_("One of: %(reported_as)s."),
        "schedule": N_("One of: %(schedule)s."),
        "decimals": N_("0 to 4."),
        "needs_evidence": N_("Yes: a figure that is not zero is submitted only with evidence."),
        "due_on": N_("Only where the indicator is due before its initiative."),
        "categories": N_("At least two, parted by “;”. As many as before are renamed in their places."),
        "guide": N_(
            "Where the figure comes from, examples, which office to ask; opened from the name in the report."
        ),
    },
    Part.TARGETS: {
        "unit": N_("Code of a unit from the sheet of units; its name is read as well."),
        "reports": N_("Yes: the unit reports the indicator. No: it no longer does."),
        "target": N_("What the unit is to reach by the plan's end. Sum and difference are only shown."),
        "baseline": N_("Where it starts; without one it starts at 0."),
    },
    Part.CURVES: {
        "day": N_("Last day of a month of the plan. Only for indicators that follow a curve."),
        "share": N_("Cumulative, from 0 to 100; at the end of the plan 100."),
    },
    Part.ENGLISH: {
        "pillar": N_("Alone for the pillar's own name; with the initiative for that one's."),
        "categories_en": N_("In the order of the categories, parted by “;”."),
    },
}
"""What belongs into the columns that do not explain themselves."""

CHOICES: Mapping[str, type[StrEnum]] = {
    "measure": Measure,
    "direction": Direction,
    "reported_as": ReportedAs,
    "schedule": Schedule,
}
YES_OR_NO = frozenset({"asks_why_behind", "may_be_negative", "may_exceed", "needs_evidence", "reports"})
"""The columns that say yes or no."""


def frequency_word(value: Frequency) -> str:
    """How often a plan is reported."""
    return gettext(FREQUENCIES[value])


def sheet_names() -> dict[str, tuple[str, ...]]:
    """The names under which each sheet is known."""
    return {part.value: (*in_every_language(text), *_MORE_SHEETS[part]) for part, text in SHEETS.items()}


def headings_of(part: Part, field: str) -> tuple[str, ...]:
    """The headings under which a field is known on its sheet."""
    more = _MORE_HEADINGS.get(field, ())
    if (part, field) == (Part.COVER, "code"):
        more = ("编号", "方案编码", "Code")
    return (*in_every_language(HEADINGS[part][field]), *more)


def words_of(field: str) -> dict[str, object]:
    """The words that can stand in a column, in every language, with what they mean."""
    if field == "frequency":
        return {text: one for one, said in FREQUENCIES.items() for text in in_every_language(said)}
    if field in CHOICES:
        return {text: one for one in CHOICES[field] for text in (*in_every_language(WORDS[one]), one.value)}
    return _yes_or_no()


def yes_or_no(value: bool) -> str:
    """A truth as a column says it."""
    return gettext("Yes") if value else gettext("No")


def choices(field: str) -> tuple[str, ...]:
    """The words that a column offers, in the language being spoken."""
    if field == "frequency":
        return tuple(frequency_word(one) for one in Frequency)
    if field in CHOICES:
        return tuple(gettext(WORDS[one]) for one in CHOICES[field])
    return yes_or_no(True), yes_or_no(False)


def meaning(text: str) -> str:
    """What belongs into a column, with the words that are possible there."""
    words = {name: _listed(choices(name)) for name in (*CHOICES, "frequency")}
    return gettext(text, **words) if "%(" in text else gettext(text)


def general_meaning() -> str:
    """What holds for every column."""
    return gettext(_GENERAL)


def _yes_or_no() -> dict[str, object]:
    found: dict[str, object] = dict.fromkeys((*in_every_language(N_("Yes")), "√", "✓", "Y"), True)
    return found | dict.fromkeys((*in_every_language(N_("No")), "×", "N"), False)


def _listed(words: Iterable[str]) -> str:
    return ("; " if language() == "en" else "；").join(words)
