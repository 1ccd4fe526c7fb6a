"""Which initiative and which indicator a row of a plan's workbook means, also where names stand twice."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.features.plans.models import Indicator, Initiative
from tracker.features.plans.queries import WholePlan

Names = tuple[str, str]
"""Those of a pillar and of an initiative below it."""


class Codes:
    """What a code stands for: exactly the one that is there, or else one that differs in case alone."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        codes = [one.code for one in indicators]
        self._exact = frozenset(codes)
        self._alike = {code.casefold(): code for code in reversed(codes)}

    def key(self, code: str) -> str:
        """The code of the indicator that is meant; a new one's in small letters."""
        return code if code in self._exact else self._alike.get(code.casefold(), code.casefold())


class Initiatives:
    """The initiatives by their names, in the order of the plan; several can have the same ones."""

    def __init__(self, whole: WholePlan) -> None:
        self.named: dict[Names, list[Initiative]] = {}
        self._homes: dict[str, Initiative] = {}
        self._empty: set[int] = set()
        for row in whole.outline:
            for step in row.initiatives:
                self.named.setdefault((row.pillar.name, step.initiative.name), []).append(step.initiative)
                self._homes |= {one.indicator.code: step.initiative for one in step.indicators}
                if not step.indicators:
                    self._empty.add(step.initiative.id)

    def find(self, names: Names, code: str | None) -> Initiative | None:
        """The initiative of a row: of several of that name the one in which its indicator stands.

        A row without an indicator is about the next of them that has none.
        """
        alike = self.named.get(names, [])
        home = None if code is None else self._homes.get(code)
        if home is not None and home in alike:
            return home
        empty = next((one for one in alike if one.id in self._empty), None) if code is None else None
        if empty is not None:
            self._empty.discard(empty.id)
            return empty
        return alike[0] if alike else None
