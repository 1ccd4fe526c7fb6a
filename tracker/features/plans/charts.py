"""Geometry of the drawing of a planned curve, as texts for SVG attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask_babel import gettext

WIDTH, HEIGHT = 480, 200
"""The view box that the curve is drawn in; 100 % lies at its top."""


@dataclass(frozen=True)
class Dot:
    """A point of the curve, with its share in percent."""

    x: str
    y: str
    said: str


@dataclass(frozen=True)
class CurveChart:
    """A curve in a view box of 480 × 200; months that cannot be read are left out."""

    line: str
    even: str
    dots: tuple[Dot, ...]
    levels: tuple[Dot, ...]
    label: str


def curve_chart(percents: Sequence[str], months: Sequence[str]) -> CurveChart:
    """The drawing of cumulative shares in percent as they are typed, beside the even line.

    A blank month keeps the share before it.
    """
    dots, before = [], "0"
    for place, typed in enumerate(percents, start=1):
        said = typed.strip() or before
        try:
            share = Decimal(said)
        except InvalidOperation:
            continue
        if share.is_finite() and 0 <= share <= 100:
            dots.append(Dot(_x(place, len(percents)), _y(share), said))
            before = said
    told = "; ".join(f"{month} {said}%" for month, said in zip(months, percents, strict=True) if said)
    return CurveChart(
        line=" ".join([f"0,{HEIGHT}", *(f"{dot.x},{dot.y}" for dot in dots)]),
        even=f"0,{HEIGHT} {WIDTH},0",
        dots=tuple(dots),
        levels=tuple(Dot("0", _y(Decimal(level)), f"{level}%") for level in (0, 25, 50, 75, 100)),
        label=gettext("Planned share by the end of each month: %(months)s", months=told),
    )


def _x(place: int, of: int) -> str:
    return f"{WIDTH * place // of}"


def _y(share: Decimal) -> str:
    return f"{HEIGHT - share * HEIGHT / 100:.1f}"
