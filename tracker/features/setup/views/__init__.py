"""The set-up in the browser, the door that leads to it, and the list of what comes next."""

from tracker.features.setup.views.blueprint import bp
from tracker.features.setup.views.door import init_setup
from tracker.features.setup.views.next_steps import next_steps
from tracker.features.setup.views.steps import place

__all__ = ["bp", "init_setup", "next_steps", "place"]
