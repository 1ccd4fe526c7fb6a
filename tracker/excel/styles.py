"""The look of a printed sheet: fonts by name, thin borders, alignments, the page."""

from __future__ import annotations

from functools import cache
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.excel.columns import Align, FontSet

A4 = 9
_LINE = Side(style="thin", color="FF000000")
GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEAD_FILL = PatternFill("solid", fgColor="FFF2F2F2")
POINTS_PER_LINE = 1.36
"""Height of a line as a multiple of its font size; Chinese fonts stand higher than Latin ones."""


@cache
def title_font(fonts: FontSet) -> Font:
    """The font of a sheet's title."""
    return Font(name=fonts.title, size=fonts.title_size)


@cache
def head_font(fonts: FontSet) -> Font:
    """The font of headers, captions and totals."""
    return Font(name=fonts.head, size=fonts.head_size)


@cache
def body_font(fonts: FontSet) -> Font:
    """The font of data, foot and notes."""
    return Font(name=fonts.body, size=fonts.body_size)


def aligned(align: Align, *, wrap: bool = True, top: bool = False) -> Alignment:
    """Content on its side, in the middle of the row's height or at its top."""
    return Alignment(horizontal=align.value, vertical="top" if top else "center", wrap_text=wrap)


def set_page(ws: Worksheet, *, footer: str, portrait: bool = False, one_page: bool = False) -> None:
    """A4, one page wide, centred, with page numbers below; margins in inches."""
    ws.page_setup.orientation = "portrait" if portrait else "landscape"
    ws.page_setup.paperSize = A4
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToWidth = 1
    ws.page_setup.fitToHeight = 1 if one_page else 0
    ws.print_options.horizontalCentered = True
    margins = ws.page_margins
    margins.left = margins.right = 0.45
    margins.top = margins.bottom = 0.65
    margins.header = margins.footer = 0.3
    footer_line: Any = ws.oddFooter
    footer_line.center.text = footer
