"""Evidence as a form: files to add, and what is said of one piece."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, SelectField, StringField
from wtforms.validators import Length

from tracker.core.forms import tidy
from tracker.core.i18n import name_of
from tracker.domain.errors import N_, RuleError
from tracker.features.plans.queries import CategoryRow
from tracker.features.reports.queries import EvidenceSpot

LONGEST_CAPTION = 200
MOST_FILES = 20
"""Files that are taken at once."""


class EvidenceForm(FlaskForm):
    """Files to add, with one caption for all of them, for the indicator or one of its categories."""

    files = MultipleFileField(lazy_gettext("Files"))
    category = SelectField(lazy_gettext("Category"), validate_choice=False)
    caption = StringField(
        lazy_gettext("Caption"),
        [
            Length(
                max=LONGEST_CAPTION,
                message=lazy_gettext("At most %(most)s characters. Please shorten it.", most=LONGEST_CAPTION),
            )
        ],
    )

    def __init__(self, spot: EvidenceSpot, **options: Any) -> None:
        super().__init__(**options)
        self.known = {str(one.id): one for one in spot.indicator.categories}
        self.category.choices = [("", gettext("The indicator as a whole"))]
        self.category.choices += [(key, name_of(one)) for key, one in self.known.items()]

    def chosen_category(self) -> CategoryRow | None:
        """The category it is for; none: the indicator as a whole."""
        return self.known.get(self.category.data or "")

    def said(self) -> str:
        """The caption."""
        return tidy(self.caption.data)

    def handed_in(self) -> list[tuple[str, bytes]]:
        """Names and contents of the files. Raises :class:`RuleError` when there are none, or too many."""
        found = [one for one in self.files.data or () if getattr(one, "filename", None)]
        if not found:
            raise RuleError(N_("Choose at least one photo or document."), field="files")
        if len(found) > MOST_FILES:
            raise RuleError(N_("Add at most %(most)s files at once."), field="files", most=MOST_FILES)
        return [(one.filename, one.read()) for one in found]


class PieceForm(FlaskForm):
    """What can be said of one piece of evidence: its caption, or why it is taken away."""

    caption = StringField()
    seen = StringField()
    reason = StringField()

    def text(self, name: str) -> str:
        """One of the texts, without control characters and outer blanks, not longer than it may be."""
        return tidy(self[name].data)[:LONGEST_CAPTION]
