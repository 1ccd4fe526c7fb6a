"""The process in which files of strangers are looked at: it confines itself, does one task, and ends."""

from __future__ import annotations

import base64

from tracker.confined import Answer, Order, serve_once
from tracker.files.errors import DAMAGED_DOCUMENT, TOO_MUCH_MEMORY, FileError
from tracker.files.limits import Limits


def answer_to(content: bytes, order: Order) -> Answer:
    """Look at the file; whatever goes wrong becomes a sentence."""
    limits = Limits(**order["limits"])
    try:
        return _look(content, order["kind"], limits)
    except FileError as error:
        return {"error": error.message, "params": error.params}
    except MemoryError:
        return {"error": TOO_MUCH_MEMORY, "params": {}}
    except Exception:
        return {"error": DAMAGED_DOCUMENT, "params": {}}


def _look(content: bytes, kind: str, limits: Limits) -> Answer:
    if kind == "package":
        from tracker.files.packages import package_kind

        return {"kind": package_kind(content, limits)}
    from tracker.files.pictures import safe_picture

    kept, small, facts = safe_picture(content, kind, limits)
    return {
        "kind": "jpg",
        "content": base64.b64encode(kept).decode("ascii"),
        "small": base64.b64encode(small).decode("ascii"),
        **facts,
    }


if __name__ == "__main__":
    serve_once(answer_to)
