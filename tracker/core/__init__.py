"""Plumbing that knows Flask and SQLAlchemy, but no feature of the product."""
