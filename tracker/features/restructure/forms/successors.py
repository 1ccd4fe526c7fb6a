"""What is asked before an indicator is replaced: all of its successor, the day and the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import Length

from tracker.core.format import day, period_label
from tracker.features.plans.forms import IndicatorForm
from tracker.features.plans.forms.indicators import category_rows
from tracker.features.plans.forms.sent import ChoiceField, Needed
from tracker.features.plans.models import Indicator, Initiative
from tracker.features.plans.queries import PeriodRow, categories_of, stamp_of_indicator
from tracker.features.plans.services import IndicatorDraft
from tracker.features.restructure.forms.units import LONGEST_REASON


class SuccessorForm(IndicatorForm):
    """An indicator that takes another one's place: nothing of it is fixed, since it is a new one."""

    day = ChoiceField(lazy_gettext("From which period on"))
    why = TextAreaField(
        lazy_gettext("Reason"),
        [
            Needed(lazy_gettext("Give a reason, so that everyone knows why it is replaced.")),
            Length(max=LONGEST_REASON, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ],
    )

    @property
    def on(self) -> date:
        """The day; only after the form is found valid."""
        return date.fromisoformat(self.day.data)


def successor_form(
    old: Indicator,
    initiative: Initiative,
    periods: Sequence[PeriodRow],
    taken: Collection[str],
    sent: Any = None,
) -> SuccessorForm:
    """The form, filled with what the old indicator is; ``periods`` are those it can begin with.

    ``taken`` are the codes of the plan, so that the suggested one is free.
    """
    data: dict[str, Any] = {
        one.name: getattr(old, one.name)
        for one in fields(IndicatorDraft)
        if one.name not in {"categories", "curve", "origin", "due_on"}
    }
    data |= {
        "number": old.number or "",
        "decimals": str(old.decimals),
        "due_on": old.due_on,
        "code": next(code for n in range(2, len(taken) + 3) if (code := f"{old.code[:28]}-{n}") not in taken),
        "initiative": str(initiative.id),
        "version": stamp_of_indicator(old),
        # Its categories are new ones: they have no ids yet.
        "categories": [row | {"id": ""} for row in category_rows(categories_of(old), blank=True)],
    }
    form = SuccessorForm([initiative], before=None, has_figures=False, formdata=sent, data=data)
    form.day.choices = [
        (
            period.starts_on.isoformat(),
            gettext("%(period)s, from %(day)s", period=period_label(period.code), day=day(period.starts_on)),
        )
        for period in periods
    ]
    return form
