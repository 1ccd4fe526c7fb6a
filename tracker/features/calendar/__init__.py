"""The working-day calendar of the house: what is published, and what was entered here."""
