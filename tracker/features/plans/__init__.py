"""Plans: pillars, initiatives, indicators, targets, curves, periods, and who reports what."""
