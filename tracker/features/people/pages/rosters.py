"""The page on which several people are invited, and the slips that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.core.i18n import name_of, say, word
from tracker.domain.errors import RuleError
from tracker.features.people.forms import MOST_AT_ONCE, RosterForm, RosterLine


@dataclass(frozen=True)
class LineView:
    """One line of the list: as it was understood, or as it was typed with what is wrong."""

    number: int
    username: str
    label: str
    label_en: str
    role: str
    unit: str
    error: str


@dataclass(frozen=True)
class RosterPage:
    """The form, and below it the lines as far as there are any."""

    form: RosterForm
    lines: tuple[LineView, ...]
    wrong: int
    most: int

    @property
    def confirms(self) -> bool:
        """Whether everybody can be invited."""
        return bool(self.lines) and not self.wrong


def roster_page(
    form: RosterForm, lines: Sequence[RosterLine] = (), refused: Mapping[int, RuleError] | None = None
) -> RosterPage:
    """The page; ``refused`` are lines that could be read and yet cannot be done."""
    views = tuple(_view(line, (refused or {}).get(line.number)) for line in lines)
    return RosterPage(form, views, sum(bool(view.error) for view in views), MOST_AT_ONCE)


def _view(line: RosterLine, refused: RuleError | None) -> LineView:
    role, unit = line.role, line.unit
    if line.newcomer is not None:
        role = word(line.newcomer.role)
        unit = f"{name_of(line.newcomer.unit)} · {line.newcomer.unit.code}"
    error = say(refused) if refused else line.error
    return LineView(line.number, line.username.lower(), line.label, line.label_en, role, unit, error)
