"""The periodic sheets: entries, their revisions, and their review."""
