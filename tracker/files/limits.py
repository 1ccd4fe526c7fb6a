"""How large a file that somebody hands in may be, and what looking at it may cost."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MILLION = 1_000_000

EDGE = 1600
"""The longer side of a kept picture, in pixels: enough to read a signboard on a photo."""

SMALL = 240
"""The longer side of its thumbnail."""


@dataclass(frozen=True)
class Limits:
    """Sizes in megabytes, millions of pixels, and seconds of the clock.

    A JPEG may have more pixels than other pictures, since it is decoded at a smaller scale.
    """

    file: int = 10
    unpacked: int = 100
    parts: int = 2000
    pixels: int = 50
    jpeg_pixels: int = 120
    seconds: int = 20
    memory: int = 640
