"""What is wrong with a workbook that somebody handed in, in a sentence."""

from __future__ import annotations


def N_(text: str) -> str:
    """Return ``text`` unchanged: marks a message for the catalogue; whoever shows it translates it."""
    return text


class WorkbookError(Exception):
    """A workbook that is not read at all; ``message`` holds placeholders that ``params`` fill."""

    def __init__(self, message: str, **params: object) -> None:
        lists = {name: ", ".join(map(str, it)) for name, it in params.items() if isinstance(it, tuple)}
        super().__init__(message % {**params, **lists} if params else message)
        self.message = message
        self.params = params


class CellError(WorkbookError):
    """One cell that cannot be read, while the rest can."""


DAMAGED = N_(
    "This workbook is damaged or was not copied whole. Open it in Excel or WPS, save it anew, and try again."
)
NO_WORKBOOK = N_("This is not an .xlsx workbook. Choose the workbook itself, not another kind of file.")
TOO_MUCH_MEMORY = N_("This workbook needs too much memory. Copy what is needed into a new workbook.")
TOO_LONG = N_("Reading this workbook takes too long. Copy what is needed into a new workbook.")
