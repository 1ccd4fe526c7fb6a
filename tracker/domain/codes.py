"""Codes: the short names under which plans and indicators stand in addresses, sheets and records."""

from __future__ import annotations

import re

from tracker.domain.errors import N_, RuleError

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")

TAKEN_BY_PAGES = frozenset({"new"})
"""Words that stand in addresses where a code would stand."""


def check_code(code: str) -> None:
    """Refuse a code that could not stand in an address or a file name."""
    if not _CODE.fullmatch(code):
        raise RuleError(
            N_("A code has up to 32 letters A to Z, digits, dots or dashes, for example LC-2023 or I05."),
            field="code",
        )
    if code.lower() in TAKEN_BY_PAGES:
        raise RuleError(
            N_("The word %(code)s cannot be a code. Choose another, for example I05."),
            field="code",
            code=code,
        )
