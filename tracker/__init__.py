"""A township's tracker of its model-civilised-city campaign.

The application factory lives in :mod:`tracker.app`, so that importing a single
rule or query does not load the whole product.
"""

__version__ = "0.1.0"
