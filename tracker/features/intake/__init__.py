"""Figures from Excel: templates, imports with a preview, and taking an import back."""
