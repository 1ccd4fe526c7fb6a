"""Safe copies of pictures; Pillow is used here and nowhere else.

Runs in the worker. What is kept is drawn anew from the pixels: turned the right way up, at most
1,600 pixels long, without position, comments, colour profiles or anything else that was in the file.
Only the time of taking stays, since it says when the evidence was gathered.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from io import BytesIO

from PIL import Image

from tracker.confined import Answer
from tracker.files.errors import DAMAGED_PICTURE, N_, FileError
from tracker.files.limits import EDGE, MILLION, SMALL, Limits

_ORIENTATION, _CHANGED, _DETAILS = 0x0112, 0x0132, 0x8769
_TAKEN, _DIGITIZED, _OFFSET = 0x9003, 0x9004, 0x9011
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUALITY = 85


def safe_picture(content: bytes, kind: str, limits: Limits) -> tuple[bytes, bytes, Answer]:
    """The copy to keep, its thumbnail, and what is known of it: width, height, likeness, taken.

    ``likeness`` is a digest of the pixels alone: of the same photo with and without its time of taking
    it is the same. Raises :class:`FileError` for what is no whole picture, or too large a one.
    """
    # Our own bound on pixels holds before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            _check_size(picture, kind, limits)
            turn, taken = _exif_of(picture)
            clean = _drawn_anew(picture, turn)
    except FileError:
        raise
    except MemoryError:
        raise
    except Exception as error:
        # Decoders fail in many ways on what is no sound picture.
        raise FileError(DAMAGED_PICTURE) from error
    small = clean.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    likeness = hashlib.sha256(f"{clean.width}x{clean.height}:".encode() + clean.tobytes()).hexdigest()
    facts = {"width": clean.width, "height": clean.height, "likeness": likeness, "taken": taken}
    return _encoded(clean, taken), _encoded(small, None), facts


def _check_size(picture: Image.Image, kind: str, limits: Limits) -> None:
    most = limits.jpeg_pixels if kind == "JPEG" else limits.pixels
    if picture.width * picture.height > most * MILLION or max(picture.size) > 65_000:
        raise FileError(
            N_("This picture has more than %(pixels)s million pixels. Make it smaller, and try again."),
            pixels=most,
        )


def _drawn_anew(picture: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """The pixels on white paper, shrunk and turned; of several frames the first."""
    if picture.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in picture.info:
        shrunk = picture.convert("RGBA")
    elif picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits of grey become eight.
        shrunk = picture.convert("I").point(lambda value: value / 256).convert("L")
    else:
        shrunk = picture
    shrunk.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn is not None:
        shrunk = shrunk.transpose(turn)
    paper = Image.new("RGB", shrunk.size, "white")
    paper.paste(shrunk.convert("RGB"), mask=shrunk.getchannel("A") if shrunk.mode == "RGBA" else None)
    return paper


def _exif_of(picture: Image.Image) -> tuple[Image.Transpose | None, str | None]:
    """How the picture is to be turned, and when it was taken; what cannot be read is not known."""
    turn, taken = None, None
    with suppress(Exception):
        exif = picture.getexif()
        turn = _TURNS.get(exif.get(_ORIENTATION, 1))
        details = exif.get_ifd(_DETAILS)
        said = details.get(_TAKEN) or details.get(_DIGITIZED) or exif.get(_CHANGED)
        taken = _moment(said, details.get(_OFFSET))
    return turn, taken


def _moment(said: object, offset: object) -> str | None:
    """The moment as 2022-06-29T10:32:05, with its zone where the camera knew it; None for nonsense."""
    try:
        found = datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    with suppress(ValueError):
        return datetime.fromisoformat(f"{found.isoformat()}{str(offset).strip(chr(0) + ' ')}").isoformat()
    return found.isoformat()


def _encoded(picture: Image.Image, taken: str | None) -> bytes:
    exif = Image.Exif()
    if taken is not None:
        moment = datetime.fromisoformat(taken)
        details = {_TAKEN: moment.strftime("%Y:%m:%d %H:%M:%S")}
        if moment.tzinfo is not None:
            zone = moment.strftime("%z")
            details[_OFFSET] = f"{zone[:3]}:{zone[3:5]}"
        exif.get_ifd(_DETAILS).update(details)
    made = BytesIO()
    picture.save(made, "JPEG", quality=_QUALITY, optimize=True, **({"exif": exif} if taken else {}))
    return made.getvalue()
