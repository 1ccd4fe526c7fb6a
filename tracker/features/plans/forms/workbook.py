"""Handing a plan's workbook in, and confirming what its preview showed."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from tracker.features.plans.forms.sent import SentForm, day_field, text
from tracker.features.plans.forms.splits import LONGEST_REASON
from tracker.features.plans.services import Why


class BookForm(SentForm):
    """A workbook."""

    file = FileField()


class BookConfirmForm(SentForm):
    """The fingerprint of the preview that is confirmed, and why targets change."""

    fingerprint = HiddenField()
    reason = StringField(
        lazy_gettext("Reason"),
        [
            Optional(),
            Length(max=LONGEST_REASON, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ],
    )
    from_on = day_field(lazy_gettext("Holds from"))

    def why(self) -> Why:
        """Why targets change, and from which day."""
        return Why(text(self.reason.data) or "", self.from_on.data)
