"""Moving, retiring and merging units in the middle of a year."""
