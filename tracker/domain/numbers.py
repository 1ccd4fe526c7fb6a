"""Exact numbers: reading what staff type, and the one rounding rule.

Values are decimals with at most four places below ten thousand million; rates are exact
fractions until they are shown. Rounding is half up (四舍五入), once, at the very end.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from tracker.domain.errors import N_, RuleError

PLACES = 4
"""Decimal places that a stored value can carry."""

LIMIT = Decimal(10) ** 10
"""Values must stay below this, so that a city's sums fit a 64-bit scaled integer."""

LONGEST = 40
"""Characters of a typed number; nothing honest is longer, and huge texts are not parsed."""

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_MYRIADS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．＋－−", "0123456789,.+--")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_COMMAS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
_SPACES = re.compile(r"[+-]?[1-9][0-9]{0,2}([ \u00a0\u2009\u202f][0-9]{3})+(\.[0-9]*)?")


def round_half_up(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """Round half away from zero (四舍五入) to ``decimals`` places, exactly."""
    above, below = value.as_integer_ratio()
    whole = (2 * abs(above) * 10**decimals + below) // (2 * below)
    signed = -whole if above < 0 else whole
    return Decimal(signed).scaleb(-decimals, context=_WIDE)


def plain(value: Decimal) -> str:
    """The value in digits, without an exponent or trailing zeros after the point."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def parse_number(typed: str, *, decimals: int, negative: bool = False) -> Decimal:
    """Read a number the way staff write it.

    Takes full-width digits, commas or spaces between thousands, and a final 万 or 亿. Raises
    :class:`RuleError` with a sentence that says what is wrong and what would be right.
    """
    if len(typed) > LONGEST:
        raise RuleError(N_("This is too long for a number. Enter digits only, for example 1250."))
    text = typed.translate(_HALF_WIDTH).strip()
    factor = Decimal(1)
    if text and text[-1] in _MYRIADS:
        factor, text = _MYRIADS[text[-1]], text[:-1].rstrip()
    if _SPACES.fullmatch(text):
        text = re.sub(r"\s", "", text)
    if "," in text and not _COMMAS.fullmatch(text):
        raise RuleError(
            N_("The comma does not stand between thousands. Write 1,250 or 1250, and 12.5 with a point.")
        )
    text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        raise RuleError(N_("This is not a number. Enter digits only, for example 1250."))
    value = _WIDE.multiply(Decimal(text), factor)
    check_number(value, decimals=decimals, negative=negative)
    return _WIDE.normalize(value) if value else Decimal(0)


def check_number(value: Decimal, *, decimals: int, negative: bool) -> None:
    """Refuse what cannot be kept: a wrong sign, too large, or more places than the indicator has."""
    if not value.is_finite():
        raise RuleError(N_("This is not a number. Enter digits only, for example 1250."))
    if value < 0 and not negative:
        raise RuleError(N_("A negative number is not possible here. Enter 0 or more."))
    if value.copy_abs() >= LIMIT:
        raise RuleError(
            N_("This number is too large. Check the unit of measure; it must be below 10,000,000,000.")
        )
    exponent = _WIDE.normalize(value).as_tuple().exponent
    assert isinstance(exponent, int)  # A finite number has one.
    if -exponent > decimals:
        if decimals == 0:
            raise RuleError(N_("Only whole numbers are counted here, for example 12."))
        raise RuleError(
            N_("At most %(decimals)s decimal places are kept here. Round the number first."),
            decimals=decimals,
        )
