"""What the pages show on which the tree is changed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import NO_VALUE, day, number
from tracker.core.i18n import name_of
from tracker.domain.numbers import PLACES
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import Merger
from tracker.features.progress.queries import Standing
from tracker.features.restructure.forms import ChangeForm
from tracker.features.restructure.services import FigureChange, Kind, MergedTarget, Preview, UnitChange


@dataclass(frozen=True)
class FigureRow:
    """An indicator at a unit, before and after."""

    name: str
    actual: tuple[str, str]
    target: tuple[str, str]
    reported: tuple[str, str]


@dataclass(frozen=True)
class UnitBlock:
    """What changes at a unit; a sentence where nothing does."""

    unit: UnitRow
    sentence: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class TargetLine:
    """A target of the unit that is merged, and what becomes of it."""

    name: str
    own: str
    result: str


@dataclass(frozen=True)
class PreviewBlock:
    """What a change would do."""

    title: str
    units: tuple[UnitBlock, ...]
    targets: tuple[TargetLine, ...]


@dataclass(frozen=True)
class ChangePage:
    """The page on which one unit is moved, retired or merged."""

    unit: UnitRow
    parent: UnitRow | None
    form: ChangeForm
    title: str
    explanations: tuple[str, ...]
    other_label: str | None
    asks_below: bool
    url: str
    back_url: str
    confirm_label: str
    confirms: bool
    merged_into: str | None
    preview: PreviewBlock | None


def change_page(
    form: ChangeForm, unit: UnitRow, parent: UnitRow | None, merger: Merger | None, preview: Preview | None
) -> ChangePage:
    """The page; with a preview it offers to confirm."""
    kind = form.kind
    titles = {
        Kind.MOVE: gettext("Move %(unit)s", unit=name_of(unit)),
        Kind.RETIRE: gettext("Retire %(unit)s", unit=name_of(unit)),
        Kind.MERGE: gettext("Merge %(unit)s into another unit", unit=name_of(unit)),
        Kind.RESTORE: gettext("Restore %(unit)s", unit=name_of(unit)),
    }
    labels = {
        Kind.MOVE: gettext("Move it"),
        Kind.RETIRE: gettext("Retire it"),
        Kind.MERGE: gettext("Merge it"),
        Kind.RESTORE: gettext("Restore it"),
    }
    others = {Kind.MOVE: gettext("New unit above"), Kind.MERGE: gettext("Unit that goes on for it")}
    asked = Kind.RETIRE if kind is Kind.RESTORE else kind
    return ChangePage(
        unit=unit,
        parent=parent,
        form=form,
        title=titles[kind],
        explanations=_explanations(kind, unit),
        other_label=others.get(kind),
        asks_below=kind in (Kind.RETIRE, Kind.RESTORE),
        url=url_for("places.change", code=unit.code, kind=asked.value),
        back_url=url_for("org.show", code=unit.code),
        confirm_label=labels[kind],
        confirms=preview is not None or kind is Kind.RESTORE,
        merged_into=_merged_into(merger),
        preview=_preview(preview) if preview else None,
    )


def _explanations(kind: Kind, unit: UnitRow) -> tuple[str, ...]:
    """What each kind of change does, in the words of the rules."""
    if kind is Kind.MOVE:
        return (
            gettext("Figures of data dates before the day stay exactly what they are."),
            gettext(
                "From the day on, its levels count at the new place; what it added up in periods that ended "
                "before stays with the old one."
            ),
            gettext("Everything below it goes along."),
            gettext(
                "Who may see and fill in follows the new place as soon as this is saved, for its past as "
                "well, and also when the day is still to come."
            ),
        )
    if kind is Kind.RETIRE:
        return (
            gettext("The day is the first on which the unit no longer is."),
            gettext(
                "It reports no period that ends on the day or later, and is no longer listed from then on."
            ),
            gettext("Its levels end on the day; what it added up before stays in the totals."),
        )
    if kind is Kind.MERGE:
        return (
            gettext("The unit is retired on the day; the units below it go over to the other one."),
            gettext(
                "Its own levels end on the day: the next report of the other unit has to include them. What "
                "it added up before stays in the totals."
            ),
            gettext("Its targets are added to those of the other unit where both have one."),
        )
    return (
        gettext(
            "The unit is retired from %(day)s on. Restoring it makes everything as if it had not been.",
            day=day(unit.retired_on) if unit.retired_on else "",
        ),
    )


def _merged_into(merger: Merger | None) -> str | None:
    if merger is None:
        return None
    return gettext(
        "It was merged into %(unit)s on %(day)s.", unit=name_of(merger.successor), day=day(merger.merged_on)
    )


def _preview(preview: Preview) -> PreviewBlock:
    return PreviewBlock(
        title=gettext("What changes on the data date %(day)s", day=day(preview.as_of)),
        units=tuple(_block(each) for each in preview.units),
        targets=tuple(_target(each) for each in preview.targets),
    )


def _block(change: UnitChange) -> UnitBlock:
    parts = []
    if change.reporters_before != change.reporters_after:
        parts.append(
            gettext(
                "Units that report: %(before)s → %(after)s.",
                before=change.reporters_before,
                after=change.reporters_after,
            )
        )
    if change.figures:
        count = len(change.figures)
        parts.append(ngettext("%(num)s indicator changes.", "%(num)s indicators change.", count))
    else:
        parts.append(gettext("No figure changes here."))
    return UnitBlock(change.unit, " ".join(parts), tuple(_figure(each) for each in change.figures))


def _figure(change: FigureChange) -> FigureRow:
    places = change.standing.indicator.decimals

    def actual(row: Standing | None) -> str:
        return NO_VALUE if row is None else number(row.position.actual, places)

    def target(row: Standing | None) -> str:
        return NO_VALUE if row is None else number(row.position.target, places)

    def reported(row: Standing | None) -> str:
        if row is None:
            return NO_VALUE
        return gettext("%(n)s of %(m)s", n=row.coverage.reported, m=row.coverage.expected)

    both = (change.before, change.after)
    return FigureRow(
        name_of(change.standing.indicator),
        (actual(both[0]), actual(both[1])),
        (target(both[0]), target(both[1])),
        (reported(both[0]), reported(both[1])),
    )


def _target(merged: MergedTarget) -> TargetLine:
    indicator = merged.unit_aim.indicator
    own = merged.unit_aim.changes[-1][1].target
    result = gettext(merged.why_not) + " " + gettext("Decide what becomes of it.") if merged.why_not else ""
    if merged.sums:
        result = gettext(", ").join(
            gettext("%(number)s from %(day)s", number=number(target, indicator.decimals), day=day(since))
            for since, target, _ in merged.sums
        )
    return TargetLine(
        name_of(indicator), NO_VALUE if own is None else number(_plain(own), indicator.decimals), result
    )


def _plain(scaled: int) -> Fraction:
    return Fraction(scaled, 10**PLACES)
