"""指标进度表: where every indicator of one unit stands on a data date, ready to be stamped."""

from __future__ import annotations

from tracker.core.format import NO_VALUE, day_in
from tracker.domain.measures import Origin
from tracker.domain.numbers import plain
from tracker.domain.progress import Signal
from tracker.excel.columns import RATE, Align, Column, Sheet, Table, Value
from tracker.excel.columns import decimals as number_format
from tracker.features.dashboards.sheets import figures, words
from tracker.features.dashboards.sheets.data import ProgressSheetData, StandingLike, Translate

SIGNED = "+#,##0.0;-#,##0.0;0.0"


def progress_sheet(data: ProgressSheetData, translate: Translate) -> Sheet:
    """The sheet itself."""
    _ = translate
    lang = data.lang
    units = dict.fromkeys(words.local_unit(row.indicator, lang) for row in data.standings)
    comma = ", " if lang == "en" else "、"
    return Sheet(
        name=_("Indicator progress"),
        annex=data.annex,
        title=_("Progress of the model civilised city campaign, %(unit)s (%(span)s)")
        % {"unit": data.unit_name, "span": words.months(data.plan_starts_on, data.as_of, lang)},
        left=_("Reporting unit (stamp): %(unit)s") % {"unit": data.unit_name},
        centre=_centre(data, _),
        right=_("Units: %(units)s") % {"units": comma.join(units)} if units else "",
        tables=(
            Table(columns=_columns(data, _), rows=list(enumerate(data.standings)), summary=_summary(data, _)),
        ),
        signatures=(
            _("Head of unit:"),
            _("Reviewed by:"),
            _("Filled in by:"),
            _("Telephone:"),
            _("Date: %(day)s") % {"day": day_in(data.made_at.date(), lang)},
        ),
        notes=_notes(data, _),
        footer=_("Page &P of &N"),
        fonts=figures.fonts_of(data),
    )


def _centre(data: ProgressSheetData, _: Translate) -> str:
    text = _("Data date: %(day)s") % {"day": day_in(data.as_of, data.lang)}
    if data.known_on is None:
        return text
    known = _("As known at the end of %(day)s") % {"day": day_in(data.known_on, data.lang)}
    return f"{text}; {known}" if data.lang == "en" else f"{text}；{known}"


Line = tuple[int, StandingLike]
"""A standing with its place on the sheet, counted from 0."""


def _columns(data: ProgressSheetData, _: Translate) -> tuple[Column[Line], ...]:
    lang = data.lang
    task, done, rates = _("Task"), _("Done so far"), _("Progress (%)")
    fills = {words.signal_word(signal, _): colour for signal, colour in words.SIGNAL_FILLS.items()}

    def lead(line: Line) -> str:
        unit = line[1].indicator.initiative.lead_unit
        return words.local_name(unit, lang) if unit else NO_VALUE

    def places(line: Line) -> str:
        return number_format(line[1].indicator.decimals)

    left = Align.LEFT
    return (
        Column("row", (_("No."),), lambda line: line[0] + 1, 5),
        Column("code", (_("Code"),), lambda line: line[1].indicator.code, 6.5),
        Column(
            "pillar",
            (task, _("Pillar")),
            lambda line: words.local_name(line[1].indicator.pillar, lang),
            15.5,
            align=left,
        ),
        Column(
            "initiative",
            (task, _("Initiative")),
            lambda line: words.local_name(line[1].indicator.initiative, lang),
            13.5,
            align=left,
        ),
        Column(
            "indicator",
            (task, _("Indicator")),
            lambda line: words.local_name(line[1].indicator, lang),
            21,
            align=left,
        ),
        Column("unit", (_("Unit of measure"),), lambda line: words.local_unit(line[1].indicator, lang), 8),
        Column(
            "target",
            (_("Year's target"),),
            _target,
            10,
            lambda line: words.exact_format(line[1].position.target, line[1].indicator.decimals),
            Align.RIGHT,
        ),
        Column(
            "increase", (done, _("This period")), lambda line: _increase(line[1], _), 10, places, Align.RIGHT
        ),
        Column(
            "actual", (done, _("In total")), lambda line: figures.actual(line[1], _), 10, places, Align.RIGHT
        ),
        Column(
            "rate",
            (rates, _("Completion rate")),
            lambda line: figures.rounded(line[1].position.completion_rate),
            9.5,
            RATE,
            Align.RIGHT,
        ),
        Column(
            "schedule",
            (rates, _("Schedule progress")),
            lambda line: figures.rounded(line[1].position.schedule_rate),
            9.5,
            RATE,
            Align.RIGHT,
        ),
        Column(
            "gap",
            (_("Gap to schedule (points)"),),
            lambda line: figures.rounded(line[1].position.gap),
            11,
            SIGNED,
            Align.RIGHT,
        ),
        Column(
            "signal",
            (_("Signal"),),
            lambda line: words.signal_word(line[1].position.signal, _),
            9,
            fills=fills,
        ),
        Column("lead", (_("Responsible unit"),), lead, 11),
        Column("coverage", (_("Units reported"),), lambda line: _coverage(line[1]), 8.5),
        Column("remarks", (_("Remarks"),), lambda line: _remarks(line[1], data, _), 23, align=left),
    )


def _target(line: Line) -> Value:
    target = line[1].position.target
    return NO_VALUE if target is None else words.exact_decimal(target)


def _increase(standing: StandingLike, _: Translate) -> Value:
    if standing.position.actual is None:
        return figures.actual(standing, _)
    return figures.rounded(standing.increase, standing.indicator.decimals)


def _coverage(standing: StandingLike) -> str:
    return f"{standing.coverage.reported}/{standing.coverage.expected}"


def _remarks(standing: StandingLike, data: ProgressSheetData, _: Translate) -> str:
    """Marks that a reader must see beside the figure."""
    position, marks = standing.position, []
    if data.is_sample and standing.indicator.origin == Origin.ILLUSTRATIVE:
        marks.append(_("Illustrative"))
    if position.is_overdue:
        marks.append(_("Overdue"))
    if position.is_unusually_high:
        marks.append(_("Unusually high, please check"))
    if position.is_ceiling:
        marks.append(_("Not to be exceeded"))
    if position.target_is_sum:
        marks.append(_("Target is the sum of the units below"))
    if position.targets_below is not None:
        total = plain(words.exact_decimal(position.targets_below))
        marks.append(_("Targets of the units below add up to %(total)s") % {"total": total})
    marks += filter(None, [data.why_behind.get(standing.indicator.id)])
    return (", " if data.lang == "en" else "；").join(marks)


def _summary(data: ProgressSheetData, _: Translate) -> str:
    counts = [
        _("%(word)s %(count)d") % {"word": words.signal_word(signal, _), "count": count}
        for signal, count in figures.signal_counts(data).items()
        if count or signal not in (Signal.NO_DATA, Signal.NO_TARGET)
    ]
    comma = ", " if data.lang == "en" else "，"
    return _("Total: %(count)d indicators: %(counts)s") % {
        "count": len(data.standings),
        "counts": comma.join(counts),
    }


def _notes(data: ProgressSheetData, _: Translate) -> tuple[str, ...]:
    comma = ", " if data.lang == "en" else "、"
    counts = {"reported": data.reported_units, "expected": data.expected_units}
    if data.missing_units:
        missing = _("Not reported: %(units)s (%(reported)d of %(expected)d units have reported).") % {
            **counts,
            "units": comma.join(data.missing_units),
        }
    elif data.reported_units >= data.expected_units:
        missing = _("Not reported: none; all %(expected)d units have reported.") % counts
    else:
        missing = _("%(reported)d of %(expected)d units have reported.") % counts
    notes = [
        _("Notes: 1. %(text)s")
        % {
            "text": _(
                "Done in total counts approved figures up to the data date; numbers in stock are the "
                "latest ones, shares are the sum of parts over the sum of wholes. Completion rate = "
                "(done − baseline) ÷ (target − baseline); gap = completion rate − schedule progress; "
                "for figures not to be exceeded the rate is the share used and the gap is turned "
                "round. “—” means no value."
            )
        },
        _("2. %(text)s")
        % {
            "text": _("Source: approved reports of the units; figures of “%(plan)s”.")
            % {"plan": data.plan_name}
        },
        _("3. %(text)s") % {"text": missing},
    ]
    if data.is_sample:
        notes.append(_("4. %(text)s") % {"text": figures.sample_note(_)})
    return tuple(notes)
