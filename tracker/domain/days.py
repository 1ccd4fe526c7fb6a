"""Days as staff write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from tracker.domain.errors import N_, RuleError

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Nothing that is kept here is older or reaches further."""

LONGEST = 20
_WRITTEN = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def parse_day(typed: str) -> date:
    """Read 2022-01-05, 2022/1/5, 2022.1.5, 20220105 or 2022年1月5日, with full-width digits too.

    Raises :class:`RuleError` for what is no day, or lies outside 1900 to 2199.
    """
    text = "".join(unicodedata.normalize("NFKC", typed[: LONGEST * 2]).split())
    found = _WRITTEN.fullmatch(text) or _RUN.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found and len(typed) <= LONGEST else None
    except ValueError:
        day = None
    if day is None:
        raise RuleError(N_("This is not a day. Write it as 2022-06-30."))
    if not EARLIEST <= day <= LATEST:
        raise RuleError(N_("This day is out of reach. Enter one between 1900 and 2199."))
    return day
