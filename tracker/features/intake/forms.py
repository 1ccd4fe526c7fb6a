"""What is sent about workbooks of figures."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField

from tracker.core.format import period_label
from tracker.core.forms import tidy
from tracker.core.i18n import name_of
from tracker.domain.errors import N_, RuleError
from tracker.domain.review import ReportState
from tracker.features.intake.queries import WorkbookPlace
from tracker.features.intake.services import Way

INTO = {
    ReportState.DRAFT: N_("Drafts: they are looked at, submitted and reviewed as usual"),
    ReportState.SUBMITTED: N_("Submitted: they wait for review"),
    ReportState.APPROVED: N_("Approved: they count at once, for taking over earlier years"),
}
_LONGEST = 500


class FiguresForm(FlaskForm):
    """A workbook, what its reports are to become, and where the figures come from."""

    file = FileField()
    into = SelectField()
    because = StringField()

    def offer(self, *, may_approve: bool) -> None:
        """Offer what whoever asks may do with the reports."""
        self.offered = {state.value for state in INTO if may_approve or state is not ReportState.APPROVED}
        self.into.choices = [
            (state.value, gettext(text)) for state, text in INTO.items() if state.value in self.offered
        ]

    def way(self) -> Way:
        """How the figures are to be taken over. Raises :class:`RuleError`."""
        if self.into.data not in self.offered:
            raise RuleError(N_("Choose what the reports are to become."), field="into")
        into, because = ReportState(self.into.data), tidy(self.because.data)
        if len(because) > _LONGEST:
            raise RuleError(N_("At most 500 characters. Please shorten it."), field="because")
        if into is ReportState.APPROVED and not because:
            raise RuleError(N_("Say where approved figures come from."), field="because")
        return Way(into, because or None)


class WorkbookForm(FlaskForm):
    """Which unit, plan and period a workbook is for."""

    class Meta:
        """It only asks, so it needs no token."""

        csrf = False

    place = SelectField()

    def offer(self, places: Sequence[WorkbookPlace], chosen: WorkbookPlace) -> None:
        """Offer these places, one of them chosen."""
        self.place.choices = [(one.code, _place_words(one)) for one in places]
        self.place.data = chosen.code


def _place_words(place: WorkbookPlace) -> str:
    return " · ".join((period_label(place.period.code), name_of(place.unit), name_of(place.plan)))


class ConfirmForm(FlaskForm):
    """The fingerprint of the preview that is confirmed."""

    fingerprint = HiddenField()
