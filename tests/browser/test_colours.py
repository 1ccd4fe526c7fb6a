"""The colours of the look: told apart by everyone, and read easily; no browser is needed for that."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from tests.browser.colours import BLINDNESS, ciede2000, contrast, difference, tokens

TOKENS = tokens((Path(__file__).resolve().parents[2] / "tracker/static/app.css").read_text(encoding="utf-8"))
SIGNALS = ("on-track", "at-risk", "behind", "no-data")

TEXTS = [
    *[(f"{signal}-ink", f"{signal}-pale") for signal in SIGNALS[:3]],
    *product(("ink", "ink-2"), ("page", "card", "head", "track", "brand-pale")),
    *product(("on-track-ink", "at-risk-ink", "behind-ink"), ("card", "page", "head")),
    *product(("brand", "brand-dark"), ("card", "page", "head", "brand-pale")),
    *product(("card",), ("brand", "brand-dark", "accent")),
    ("ink", "expected"),
]
"""Colours of words, and what they are written on: pills, cards, rows, buttons."""

KNOWN = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
    ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
"""Published pairs and their difference, which show the usual mistakes."""


@pytest.mark.parametrize(("one", "other", "expected"), KNOWN)
def test_the_difference_of_colours_is_the_published_one(one: tuple, other: tuple, expected: float) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("pair", list(combinations(SIGNALS, 2)), ids="/".join)
def test_signals_stay_apart_for_everyone(pair: tuple[str, str], blindness: str) -> None:
    assert difference(TOKENS[pair[0]], TOKENS[pair[1]], blindness) >= 15


@pytest.mark.parametrize("pair", TEXTS, ids="/".join)
def test_words_stand_out_from_their_ground(pair: tuple[str, str]) -> None:
    assert contrast(TOKENS[pair[0]], TOKENS[pair[1]]) >= 4.5


@pytest.mark.parametrize("mark", [*SIGNALS[:3], "brand", "line-strong"])
@pytest.mark.parametrize("ground", ["card", "track"])
def test_bars_and_frames_stand_out_from_their_ground(mark: str, ground: str) -> None:
    least = 3 if ground == "card" else 2.5
    assert contrast(TOKENS[mark], TOKENS[ground]) >= least
