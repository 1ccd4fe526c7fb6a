"""What the browser carries through the set-up: a mark that it has shown the code, and the answers so far.

The answers lie in the signed cookie, so nothing is half done anywhere. The password is asked for in
the last step, and is never among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, session

from tracker.core.clock import today
from tracker.core.i18n import language
from tracker.core.instance import instance_facts, setting_here
from tracker.domain.units import UnitKind
from tracker.features.org.queries import root_unit
from tracker.features.org.services import UnitDraft
from tracker.features.setup.pages import STEPS
from tracker.features.setup.queries import mark_of
from tracker.features.setup.services import Begin, FirstUser, Place, SetupDraft, Start

_KEY = "setup"


@dataclass(frozen=True)
class Kept:
    """The mark and the answers by step; ``names`` are the steps that there are."""

    mark: str
    answers: dict[str, dict[str, str]]
    names: tuple[str, ...]

    @property
    def first_open(self) -> str:
        """The first step without an answer."""
        return next(name for name in self.names if name not in self.answers)

    def is_ahead(self, name: str) -> bool:
        """Whether a step cannot be taken yet, or is none."""
        return name not in self.names or self.names.index(name) > self.names.index(self.first_open)

    def next_after(self, name: str) -> str:
        """The step that follows."""
        return self.names[self.names.index(name) + 1]

    def shown(self, name: str) -> dict[str, str]:
        """What stands in a form when it is opened: the answer so far, or a sound suggestion."""
        return self.answers.get(name) or _suggested(name)

    @property
    def begin(self) -> Begin:
        """How to begin."""
        return Begin(self.answers["start"]["begin"])

    def draft(self, user: FirstUser) -> SetupDraft:
        """All answers with those of the last step."""
        place, unit, start = (self.answers.get(name, {}) for name in ("place", "unit", "start"))
        usual = _suggested("start")
        return SetupDraft(
            Place(
                place.get("language") or setting_here("LANGUAGE"),
                place.get("time_zone") or setting_here("TIME_ZONE"),
            ),
            UnitDraft(unit["code"], unit["name"], UnitKind(unit["kind"]), unit["name_en"] or None)
            if unit
            else None,
            Start(
                self.begin,
                date.fromisoformat(start["starts_on"] or usual["starts_on"]),
                date.fromisoformat(start["ends_on"] or usual["ends_on"]),
            ),
            user,
        )


def open_set_up() -> Kept | None:
    """What is kept of a set-up that is under way; None for a browser that has not shown the code.

    Answers 404 for good once there is an administrator, and where no set-up was ever begun.
    """
    digest = instance_facts().setup_digest
    if digest is None:
        abort(404)
    carried: dict[str, Any] = session.get(_KEY) or {}
    if carried.get("mark") != mark_of(digest):
        return None
    names = tuple(name for name in STEPS if name != "unit" or root_unit() is None)
    return Kept(carried["mark"], dict(carried.get("answers") or {}), names)


def begin_keeping(digest: str) -> None:
    """Note that this browser has shown the right code."""
    session[_KEY] = {"mark": mark_of(digest), "answers": {}}


def keep(kept: Kept, name: str, values: dict[str, str]) -> None:
    """Keep the answer of a step."""
    session[_KEY] = {"mark": kept.mark, "answers": {**kept.answers, name: values}}


def _suggested(name: str) -> dict[str, str]:
    year = today().year
    return {
        "place": {"language": language(), "time_zone": setting_here("TIME_ZONE")},
        "unit": {"kind": UnitKind.TOWNSHIP.value},
        "start": {
            "begin": Begin.SAMPLE.value,
            "starts_on": f"{year}-01-01",
            "ends_on": f"{year}-12-31",
        },
        "administrator": {"label": "管理员", "label_en": "Administrator"},
    }[name]
