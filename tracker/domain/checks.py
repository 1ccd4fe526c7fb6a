"""Data quality: hard rules that refuse a value, and odd values that ask for a short reason.

All amounts are exact decimals in the indicator's unit of measure; the rules are described in
``docs/rules.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Measure
from tracker.domain.numbers import plain

USUAL_TIMES = 3
"""An increase above this many times the usual one is odd."""


GUARDED_FROM = 10
"""An increase below this may well be the same twice; from it on, that looks like a total."""


@dataclass(frozen=True)
class Odd:
    """An odd value: an untranslated sentence with its figures."""

    message: str
    params: dict[str, object]


def increase_of_running_total(total: Decimal, before: Decimal) -> Decimal:
    """The increase that a running total stands for; a falling total is refused."""
    if total < before:
        raise RuleError(
            N_("The running total cannot be below the last one, %(before)s. Enter %(before)s or more."),
            before=plain(before),
        )
    return total - before


def check_share(numerator: Decimal, denominator: Decimal, *, may_exceed: bool) -> None:
    """Refuse a share whose whole is not positive, or whose part is larger than the whole."""
    if denominator <= 0:
        raise RuleError(
            N_("The whole must be above 0. If there is nothing to count, mark it as not applicable.")
        )
    if numerator > denominator and not may_exceed:
        raise RuleError(
            N_("The part, %(part)s, is larger than the whole, %(whole)s. Check both numbers."),
            part=plain(numerator),
            whole=plain(denominator),
        )


def odd_values(
    measure: Measure,
    value: Decimal,
    *,
    earlier: Sequence[Decimal],
    target: Decimal | None,
    is_increase: bool = False,
) -> list[Odd]:
    """What is odd about a value, given the unit's earlier values in the order of periods.

    ``is_increase``: what was typed is the period's own increase, and not a total.
    """
    found: list[Odd] = []
    if measure is Measure.STOCK and earlier and value < earlier[-1]:
        found.append(
            Odd(N_("Lower than the last value, %(last)s. Is something gone?"), {"last": plain(earlier[-1])})
        )
    if measure is Measure.FLOW:
        usual = median(earlier) if earlier else Decimal(0)
        if len(earlier) >= 2 and usual > 0 and value > USUAL_TIMES * usual:
            found.append(
                Odd(
                    N_("More than %(times)s times the usual increase, %(usual)s."),
                    {"times": USUAL_TIMES, "usual": plain(usual)},
                )
            )
        if target is not None and target > 0 and value > target / 2:
            found.append(
                Odd(
                    N_("More than half of the year's target, %(target)s, in one period."),
                    {"target": plain(target)},
                )
            )
    if is_increase and measure is Measure.FLOW:
        found += _looks_like_a_total(value, earlier)
    return found


def _looks_like_a_total(value: Decimal, earlier: Sequence[Decimal]) -> list[Odd]:
    """The counting guard: a number in place, typed where its increase belongs, repeats or is the total."""
    total = sum(earlier, Decimal(0))
    if not earlier or value < GUARDED_FROM:
        return []
    if value == earlier[-1]:
        return [
            Odd(
                N_(
                    "The same as the last increase, %(last)s. "
                    "Is this the total rather than this period's increase?"
                ),
                {"last": plain(value)},
            )
        ]
    if value == total:
        return [
            Odd(
                N_(
                    "Equal to the total so far, %(total)s. "
                    "Is this the total rather than this period's increase?"
                ),
                {"total": plain(total)},
            )
        ]
    return []
