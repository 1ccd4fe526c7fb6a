"""What is asked before the tree, or what is counted, is changed."""

from tracker.features.restructure.forms.successors import SuccessorForm, successor_form
from tracker.features.restructure.forms.units import ChangeForm, change_form

__all__ = ["ChangeForm", "SuccessorForm", "change_form", "successor_form"]
