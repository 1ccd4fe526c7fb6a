"""Pure rules: standard library only; no clock, database, request or translation."""
