"""校核 and 分单位明细: the figures of the progress sheet worked out again by formula, for an auditor.

From each unit's contribution follows the figure in total, from that and target and baseline the
completion rate, from that and the exact schedule progress the gap. Nothing is rounded on the way,
so a written figure agrees when it differs by no more than half of its last place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.core.format import NO_VALUE, day_in
from tracker.domain.measures import ratio_factor
from tracker.domain.progress import Signal
from tracker.excel import formulas
from tracker.excel.columns import COUNT, RATE, Align, Column, Formula, Sheet, Table, Value, decimals
from tracker.excel.layout import Layout, lay_out
from tracker.features.dashboards.sheets import figures, words
from tracker.features.dashboards.sheets.data import Child, ProgressSheetData, StandingLike, Translate

Line = tuple[int, StandingLike]
"""A standing with its place on the progress sheet, counted from 0."""

Part = tuple[StandingLike, Child]
"""One unit's contribution to one indicator."""

Count = tuple[Signal, int]
"""A signal, and how many indicators show it."""

_HALF_OF_A_TENTH = Decimal("0.05")


def check_sheets(data: ProgressSheetData, progress: Sheet, translate: Translate) -> tuple[Sheet, Sheet]:
    """The sheet of checks and the sheet of contributions that it adds up."""
    _ = translate
    parts = _parts_sheet(data, _)
    written, below = lay_out(progress), lay_out(parts)
    checks = Sheet(
        name=_("Checks"),
        title=_("Checks by formula"),
        tables=(
            Table(_columns(data, written, below, _), rows=list(enumerate(data.standings))),
            Table(
                _count_columns(written, _),
                rows=list(figures.signal_counts(data).items()),
                caption=_("Signals counted again"),
                total_label=_("Total"),
            ),
        ),
        left=_("Result"),
        notes=(
            _(
                "Notes: “as written” repeats the cell of the progress sheet; “worked out again” comes by "
                "formula from the contributions of the units without rounding. They agree when they "
                "differ by no more than half of the last place shown. Change a figure on the progress "
                "sheet, and the check beside it answers."
            ),
        ),
        footer=_("Page &P of &N"),
        fonts=figures.fonts_of(data),
    )
    return replace(checks, left=_result(lay_out(checks), _)), parts


def _result(at: Layout, _: Translate) -> Formula:
    cells = [at.column(key) for key in ("actual_check", "rate_check", "gap_check")] + [at.column("check", 1)]
    differences = "+".join(formulas.count_if(span, _("Differs")) for span in cells)
    good, bad = formulas.text(_("Result: no difference")), formulas.text(_("Result, number of differences: "))
    return Formula(f"IF({differences}=0,{good},{bad}&({differences}))")


def _columns(
    data: ProgressSheetData, written: Layout, below: Layout, _: Translate
) -> tuple[Column[Line], ...]:
    done, rate, gap = _("Done in total"), _("Completion rate (%)"), _("Gap to schedule (points)")
    yes, no = _("Agrees"), _("Differs")
    fills = {no: words.SIGNAL_FILLS[Signal.BEHIND]}

    def repeat(key: str, label: tuple[str, ...], form: str = RATE) -> Column[Line]:
        def shown(line: Line) -> Value:
            return Formula(written.cell(key, line[0]))

        def places(line: Line) -> str:
            if key == "target":
                return words.exact_format(line[1].position.target, line[1].indicator.decimals)
            return form or decimals(line[1].indicator.decimals)

        return Column(key, label, shown, 10.5, places, Align.RIGHT)

    def check(key: str, label: str) -> Column[Line]:
        def verdict(line: Line) -> Value:
            if key == "actual" and not data.children.get(line[1].indicator.id):
                return _("No detail")
            return Formula(
                formulas.agree(
                    f"{{{key}}}", f"{{{key}_again}}", tolerance=_tolerance(key, line[1]), yes=yes, no=no
                )
            )

        return Column(f"{key}_check", (label, _("Agreement")), verdict, 9, fills=fills)

    return (
        Column("code", (_("Code"),), lambda line: line[1].indicator.code, 10),
        Column(
            "indicator",
            (_("Indicator"),),
            lambda line: words.local_name(line[1].indicator, data.lang),
            36,
            align=Align.LEFT,
        ),
        repeat("target", (_("Year's target"),)),
        Column("baseline", (_("Baseline"),), _baseline, 9, _baseline_format, Align.RIGHT),
        Column(
            "exact",
            (_("Schedule progress, exact (%)"),),
            lambda line: Formula(formulas.exact(line[1].position.schedule_rate)),
            12,
            "0.0000",
            Align.RIGHT,
        ),
        repeat("actual", (done, _("As written")), form=""),
        Column(
            "actual_again",
            (done, _("Worked out again")),
            lambda line: _again(line[1], data, below, _),
            12,
            "#,##0.0000",
            Align.RIGHT,
        ),
        check("actual", done),
        repeat("rate", (rate, _("As written"))),
        Column("rate_again", (rate, _("Worked out again")), _rate, 11, "#,##0.0000", Align.RIGHT),
        check("rate", rate),
        repeat("gap", (gap, _("As written"))),
        Column("gap_again", (gap, _("Worked out again")), _gap, 11, "#,##0.0000", Align.RIGHT),
        check("gap", gap),
    )


def _tolerance(key: str, standing: StandingLike) -> Decimal:
    """Half of the last place in which the figure is written."""
    if key != "actual":
        return _HALF_OF_A_TENTH
    return Decimal(5).scaleb(-standing.indicator.decimals - 1)


def _baseline(line: Line) -> Value:
    baseline = line[1].position.baseline
    return Decimal(0) if baseline is None else words.exact_decimal(baseline)


def _baseline_format(line: Line) -> str:
    return words.exact_format(line[1].position.baseline, line[1].indicator.decimals)


def _again(standing: StandingLike, data: ProgressSheetData, below: Layout, _: Translate) -> Value:
    """The figure from the units' contributions; where there are none, the exact figure itself."""
    written = figures.actual(standing, _)
    if not data.children.get(standing.indicator.id):
        exact = standing.position.actual
        return Formula(formulas.exact(exact)) if exact is not None else written
    codes, values = below.column("code"), below.column("value")
    total = formulas.sum_of(values, codes, "{code}")
    if standing.indicator.measure.has_denominator:
        whole = formulas.sum_of(below.column("whole"), codes, "{code}")
        factor = ratio_factor(standing.indicator.unit_of_measure)
        total, there_is = f"{total}/{whole}*{factor}", f"{whole}<>0"
    else:
        there_is = f"SUMPRODUCT(--EXACT({codes},{{code}}),--ISNUMBER({values}))>0"
    otherwise = written if isinstance(written, str) else _("Not reported")
    return Formula(f"IF({there_is},{total},{formulas.text(otherwise)})")


def _rate(_line: Line) -> Value:
    dash = formulas.text(NO_VALUE)
    way = "({target}-{baseline})"
    return Formula(
        "IF(AND(ISNUMBER({actual_again}),ISNUMBER({target})),"
        f"IF({way}=0,{dash},({{actual_again}}-{{baseline}})/{way}*100),{dash})"
    )


def _gap(line: Line) -> Value:
    # Below a ceiling the room that is left counts, so the difference is turned round.
    difference = "{exact}-{rate_again}" if line[1].position.is_ceiling else "{rate_again}-{exact}"
    return Formula(f"IF(ISNUMBER({{rate_again}}),{difference},{formulas.text(NO_VALUE)})")


def _count_columns(written: Layout, _: Translate) -> tuple[Column[Count], ...]:
    signals = written.column("signal")

    def agrees(_rows: Sequence[Count] | Count) -> Value:
        return Formula(
            formulas.agree("{written}", "{again}", tolerance=Decimal(0), yes=_("Agrees"), no=_("Differs"))
        )

    def again(count: Count) -> Value:
        return Formula(formulas.count_if(signals, words.signal_word(count[0], _)))

    return (
        Column("signal", (_("Signal"),), lambda count: words.signal_word(count[0], _)),
        Column(
            "written",
            (_("As written"),),
            lambda count: count[1],
            number_format=COUNT,
            total=lambda rows: sum(count for _signal, count in rows),
        ),
        Column(
            "again",
            (_("Worked out again"),),
            again,
            number_format=COUNT,
            total=lambda _rows: Formula(f"COUNTA({signals})"),
        ),
        Column(
            "check",
            (_("Agreement"),),
            agrees,
            total=agrees,
            fills={_("Differs"): words.SIGNAL_FILLS[Signal.BEHIND]},
        ),
    )


def _parts_sheet(data: ProgressSheetData, _: Translate) -> Sheet:
    parts = [(row, child) for row in data.standings for child in data.children.get(row.indicator.id, ())]

    def places(part: Part) -> str:
        # A share's parts are counts; only what is shown as itself has the indicator's places.
        if part[0].indicator.measure.has_denominator:
            return "General"
        return decimals(part[0].indicator.decimals)

    def value(part: Part) -> Value:
        return _("Not reported") if part[1][1] is None else part[1][1]

    return Sheet(
        name=_("Detail by unit"),
        title=_("What each unit contributes"),
        tables=(
            Table(
                columns=(
                    Column[Part]("code", (_("Code"),), lambda part: part[0].indicator.code, 8),
                    Column[Part](
                        "indicator",
                        (_("Indicator"),),
                        lambda part: words.local_name(part[0].indicator, data.lang),
                        32,
                        align=Align.LEFT,
                    ),
                    Column[Part](
                        "measure",
                        (_("Unit of measure"),),
                        lambda part: words.local_unit(part[0].indicator, data.lang),
                        10,
                    ),
                    Column[Part]("unit", (_("Unit"),), lambda part: part[1][0], 22, align=Align.LEFT),
                    Column[Part]("value", (_("Value or part"),), value, 14, places, Align.RIGHT),
                    Column[Part]("whole", (_("Whole"),), lambda part: part[1][2], 14, places, Align.RIGHT),
                ),
                rows=parts,
            ),
        ),
        centre=_("Data date: %(day)s") % {"day": day_in(data.as_of, data.lang)},
        footer=_("Page &P of &N"),
        fonts=figures.fonts_of(data),
        portrait=True,
    )
