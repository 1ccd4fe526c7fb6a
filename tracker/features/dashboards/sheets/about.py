"""说明: what a workbook is, and the fingerprint that ties it to the data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tracker.core.format import NO_VALUE, day_in
from tracker.excel.columns import Align, Column, Sheet, Table
from tracker.features.dashboards.sheets import figures
from tracker.features.dashboards.sheets.data import ProgressSheetData, StandingLike, Translate

_VERSION = "1"
"""Changes whenever the canonical text does, so that old and new fingerprints are never compared."""


def fingerprint(unit_code: str, plan_code: str, as_of: date, standings: Iterable[StandingLike]) -> str:
    """SHA-256 (64 hexadecimal digits) over what a progress sheet states, exact and in any order of rows.

    The canonical text has one line with version, unit, plan and data date, then one line per indicator
    in the order of codes: code, actual, target, completion rate, schedule progress, gap as fractions in
    lowest terms (empty: undefined) and the signal; fields are separated by tabs, lines by line feeds.
    """
    lines = [_line(_VERSION, unit_code, plan_code, as_of.isoformat())]
    for row in sorted(standings, key=lambda row: row.indicator.code):
        at = row.position
        exact = (at.actual, at.target, at.completion_rate, at.schedule_rate, at.gap)
        lines.append(_line(row.indicator.code, *map(_fraction, exact), at.signal.value))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _line(*parts: str) -> str:
    # A separator inside a code must not make two different texts equal.
    return "\t".join(part.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for part in parts)


def _fraction(value: Fraction | None) -> str:
    return "" if value is None else f"{value.numerator}/{value.denominator}"


Fact = tuple[str, str]
"""What is stated, and its value."""


def about_sheet(data: ProgressSheetData, translate: Translate) -> Sheet:
    """The last sheet of the workbook."""
    _ = translate
    return Sheet(
        name=_("About"),
        title=_("What this workbook is"),
        tables=(
            Table(
                columns=(
                    Column[Fact]("item", (_("Item"),), lambda fact: fact[0], 22),
                    Column[Fact]("value", (_("Content"),), lambda fact: fact[1], 72, align=Align.LEFT),
                ),
                rows=_facts(data, _),
            ),
        ),
        footer=_("Page &P of &N"),
        fonts=figures.fonts_of(data),
        portrait=True,
    )


def _facts(data: ProgressSheetData, _: Translate) -> list[Fact]:
    comma = "; " if data.lang == "en" else "；"
    filters = comma.join(f"{label}: {value}" for label, value in data.filters)
    reported = _("%(reported)d of %(expected)d") % {
        "reported": data.reported_units,
        "expected": data.expected_units,
    }
    facts = [
        (_("Unit"), _named(data.unit_name, data.unit_code)),
        (_("Plan"), _named(data.plan_name, data.plan_code)),
        (_("Data date"), day_in(data.as_of, data.lang)),
        (_("Latest period"), data.period_code or NO_VALUE),
        (_("Filters"), filters or _("None")),
        (_("Number of indicators"), str(len(data.standings))),
        (_("Units that have reported"), reported),
        (_("Made at"), f"{day_in(data.made_at.date(), data.lang)} {data.made_at:%H:%M} ({_zone(data)})"),
        (_("Made by"), data.made_by),
        (_("Fingerprint (SHA-256)"), data.fingerprint),
        (
            _("How to verify"),
            _(
                "The fingerprint is computed from unit, plan, data date and, for each indicator, the "
                "exact figures and the signal. The command “tracker verify” works it out again from "
                "the data: if both are equal, the data still say what this workbook says. Inside the "
                "workbook, the sheet “%(checks)s” works out rates, gaps and totals again by formula."
            )
            % {"checks": _("Checks")},
        ),
    ]
    if data.known_on is not None:
        facts.append((_("Indicators restated since"), str(data.restated)))
    if data.is_sample:
        facts.append(
            (
                _("Sample"),
                figures.sample_note(_),
            )
        )
    return facts


def _named(name: str, code: str) -> str:
    return f"{name} ({code})" if code else name


def _zone(data: ProgressSheetData) -> str:
    offset = data.made_at.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset else "UTC"
