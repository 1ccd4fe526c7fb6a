"""The rooms; each sees only the rooms to its right: dashboards, reports, progress, plans, accounts, org."""
