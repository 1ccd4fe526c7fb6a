"""Looking at a file that somebody hands in: what it is, and what of it is kept."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass

from tracker.confined import Stop, StoppedError, ask_worker
from tracker.files.errors import BUSY, TOO_LONG, TOO_MUCH_MEMORY, FileError
from tracker.files.limits import Limits
from tracker.files.sniff import Content, kind_of

_SENTENCES = {Stop.BUSY: BUSY, Stop.TIME: TOO_LONG, Stop.MEMORY: TOO_MUCH_MEMORY}


@dataclass(frozen=True)
class Looked:
    """What is kept of a file: a document as it is, of a picture a safe copy with its thumbnail.

    ``source`` is the SHA-256 of what was handed in, ``likeness`` that of the pixels of a picture or of
    the document; ``taken`` is the time of taking as the camera wrote it, mostly without a zone.
    """

    kind: str
    content: bytes
    source: str
    likeness: str
    small: bytes | None = None
    width: int | None = None
    height: int | None = None
    taken: str | None = None


def look_at(content: bytes, limits: Limits) -> Looked:
    """Judge a file by its content, and make the safe copy of a picture in a process of its own.

    Raises :class:`FileError` with a sentence for what is not taken.
    """
    kind = kind_of(content, limits)
    source = hashlib.sha256(content).hexdigest()
    if kind is Content.PDF:
        # Nothing of a PDF is ever opened here; it is only handed out again.
        return Looked("pdf", content, source, source)
    asked = {"kind": kind.value, "limits": asdict(limits)}
    try:
        answer = ask_worker("tracker.files.worker", content, asked, seconds=limits.seconds)
    except StoppedError as stopped:
        raise FileError(_SENTENCES[stopped.why]) from None
    if "error" in answer:
        raise FileError(str(answer["error"]), **answer["params"])
    if kind is Content.PACKAGE:
        return Looked(answer["kind"], content, source, source)
    return Looked(
        "jpg",
        base64.b64decode(answer["content"]),
        source,
        answer["likeness"],
        base64.b64decode(answer["small"]),
        answer["width"],
        answer["height"],
        answer["taken"],
    )
