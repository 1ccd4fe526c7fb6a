"""Mechanics of workbooks: declared columns in, bytes of a workbook out. Knows nothing of the product."""
