"""Pieces of formulas that let anyone check written figures in the spreadsheet itself.

They use functions that every spreadsheet program of the last twenty years knows.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

TINY = "0.000000001"
"""Room for binary arithmetic: spreadsheets add tenths as binary fractions."""


def text(value: str) -> str:
    """A text constant inside a formula."""
    return '"' + value.replace('"', '""') + '"'


def exact(value: Fraction) -> str:
    """A fraction as a division of whole numbers, so that nothing is rounded on the way."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"({value.numerator}/{value.denominator})"


def agree(one: str, other: str, *, tolerance: Decimal, yes: str, no: str) -> str:
    """``yes`` where two cells differ by no more than a rounding, ``no`` where they differ more.

    A cell that holds a text where the other holds a number differs; two equal texts agree.
    """
    close = f"ABS({one}-{other})<{tolerance:f}+{TINY}"
    return (
        f"IF(AND(ISNUMBER({one}),ISNUMBER({other})),IF({close},{text(yes)},{text(no)}),"
        f"IF(EXACT({one},{other}),{text(yes)},{text(no)}))"
    )


def sum_of(numbers: str, keys: str, key: str) -> str:
    """The sum of ``numbers`` in the rows where ``keys`` is exactly the cell ``key``; texts count as 0.

    Not SUMIF, for which the codes 1.1 and 1.10 are the same number.
    """
    return f"SUMPRODUCT(--EXACT({keys},{key}),{numbers})"


def count_if(cells: str, word: str) -> str:
    """How many of ``cells`` read ``word``, which must hold no "*", "?" or leading comparison sign."""
    return f"COUNTIF({cells},{text(word)})"
