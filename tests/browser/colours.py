"""How far two colours lie apart for people who see colours differently, and how well text stands out.

Colour blindness: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (6),
2009, the matrices of severity 1.0, applied to linear sRGB.

Difference: CIEDE2000 as written down, with its test data, in G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000
Color-Difference Formula: Implementation Notes, Supplementary Test Data, and Mathematical Observations",
Color Research and Application 30 (1), 2005.

Contrast: WCAG 2.2, "contrast ratio".
"""

from __future__ import annotations

import math
import re

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

BLINDNESS: dict[str, Matrix] = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)
FAR = 25.0**7


def tokens(css: str) -> dict[str, str]:
    """The colours that a style sheet names: name without dashes in front -> #rrggbb."""
    found = re.findall(r"--([\w-]+):\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6});", css)
    return {
        name: "#" + (value if len(value) == 6 else "".join(2 * d for d in value)) for name, value in found
    }


def difference(one: str, other: str, blindness: str = "none") -> float:
    """CIEDE2000 between two colours as someone with this kind of colour blindness sees them."""
    return ciede2000(_lab(_seen(one, blindness)), _lab(_seen(other, blindness)))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of text in one colour on the other."""
    light, dark = sorted((_dot(TO_XYZ[1], _linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ciede2000(one: Triple, other: Triple) -> float:
    """The difference of two colours in CIELAB."""
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + FAR)))
    c1, h1 = _polar(one[1] * stretch, one[2])
    c2, h2 = _polar(other[1] * stretch, other[2])

    turn = 0.0
    if c1 and c2:
        turn = (h2 - h1 + 180) % 360 - 180
        # Exactly opposite hues turn forwards when the second one is the larger, as in the formula.
        turn = 180.0 if turn == -180 and h2 > h1 else turn
    d_light, d_chroma = other[0] - one[0], c2 - c1
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))

    light, c = (one[0] + other[0]) / 2, (c1 + c2) / 2
    hue = h1 + h2
    if c1 and c2:
        hue = hue / 2 if abs(h1 - h2) <= 180 else (hue + 360) / 2 if hue < 360 else (hue - 360) / 2
    weight = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
    s_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * c, 1 + 0.015 * c * weight
    twist = (
        -2
        * math.sqrt(c**7 / (c**7 + FAR))
        * math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    )
    parts = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return math.sqrt(sum(part**2 for part in parts) + twist * parts[1] * parts[2])


def _seen(colour: str, blindness: str) -> Triple:
    red, green, blue = (min(1.0, max(0.0, _dot(row, _linear(colour)))) for row in BLINDNESS[blindness])
    return red, green, blue


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _lab(linear: Triple) -> Triple:
    x, y, z = (_bend(_dot(row, linear) / white) for row, white in zip(TO_XYZ, WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _bend(share: float) -> float:
    return math.cbrt(share) if share > (6 / 29) ** 3 else share / (3 * (6 / 29) ** 2) + 4 / 29


def _polar(a: float, b: float) -> tuple[float, float]:
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _dot(row: Triple, column: Triple) -> float:
    return sum(x * y for x, y in zip(row, column, strict=True))
