"""A list of people who are to be invited, as it is typed or pasted from a workbook: one in each line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import word
from tracker.core.preferences import LANGUAGES
from tracker.domain.roles import Role
from tracker.features.org.queries import UnitRow
from tracker.features.people.forms.users import LONGEST_LABEL, plain
from tracker.features.people.services import Newcomer

MOST_AT_ONCE = 50
"""People in one list: their codes take a moment each, and a longer list of slips is no help."""
LONGEST_LIST = 20_000
NEEDED, MOST_CELLS = 4, 5
_BETWEEN = re.compile(r"[,，;；]")


@dataclass(frozen=True)
class RosterLine:
    """One line: what was read in its columns, and whom that would invite, or what is wrong with it."""

    number: int
    username: str
    label: str
    label_en: str
    role: str
    unit: str
    newcomer: Newcomer | None
    error: str


class RosterForm(FlaskForm):
    """The list as one text."""

    people = TextAreaField(
        validators=[
            InputRequired(lazy_gettext("Enter at least one person.")),
            Length(max=LONGEST_LIST, message=lazy_gettext("That is too long. Please shorten it.")),
        ]
    )

    def read(self, units: Mapping[str, UnitRow]) -> list[RosterLine]:
        """The lines that say something; ``units`` are those at which roles can be given, by code."""
        typed = [
            (number, _cells(line)) for number, line in enumerate((self.people.data or "").splitlines(), 1)
        ]
        said = [(number, cells) for number, cells in typed if any(cells)]
        roles, seen = _roles(), set[str]()
        if said and len(said[0][1]) > 2 and said[0][1][2].casefold() in _headings():
            del said[0]
        lines = []
        for number, cells in said:
            line = _line(number, cells, roles, units, seen)
            seen.add(line.username.lower())
            lines.append(line)
        return lines


def _cells(line: str) -> list[str]:
    """The columns: between tabs as a workbook gives them, otherwise between commas or semicolons."""
    parts = line.split("\t") if "\t" in line else _BETWEEN.split(line)
    cells = [plain(part) for part in parts]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _line(
    number: int, cells: list[str], roles: Mapping[str, Role], units: Mapping[str, UnitRow], seen: set[str]
) -> RosterLine:
    username, label, role, unit, label_en = (*cells, *[""] * MOST_CELLS)[:MOST_CELLS]
    chosen, place = roles.get(role.casefold()), units.get(unit)
    error = ""
    if not NEEDED <= len(cells) <= MOST_CELLS or not all(cells[:NEEDED]):
        error = gettext("This needs four columns: user name, name, role, unit code.")
    elif username.lower() in seen:
        error = gettext("This user name stands in the list twice.")
    elif max(len(label), len(label_en)) > LONGEST_LABEL:
        error = gettext("That is too long. Please shorten it.")
    elif chosen is None:
        error = gettext("There is no such role. Write one of: %(roles)s.", roles=" / ".join(map(word, Role)))
    elif place is None:
        error = gettext("There is no unit with this code in your area.")
    newcomer = None
    if not error and chosen is not None and place is not None:
        newcomer = Newcomer(username, label, label_en or None, chosen, place)
    return RosterLine(number, username, label, label_en, role, unit, newcomer, error)


def _roles() -> dict[str, Role]:
    """The roles by their words in either language, and by their names in the program."""
    found = {role.value: role for role in Role}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {word(role).casefold(): role for role in Role}
    return found


def _headings() -> set[str]:
    """What a column of roles may be called in the line of headings that is pasted along."""
    found = set()
    for language in LANGUAGES:
        with force_locale(language):
            found.add(gettext("Role").casefold())
    return found
