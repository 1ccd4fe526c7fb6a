"""A refusal carries an untranslated sentence, its figures and the field it belongs to."""

from __future__ import annotations

from tracker.domain.errors import N_, HouseError, NotFoundError, RuleError, StaleError


def test_a_refusal_keeps_its_sentence_apart_from_its_figures() -> None:
    error = RuleError(N_("At most %(decimals)s decimal places."), "value", decimals=2)
    assert str(error) == "At most 2 decimal places."
    assert error.message == "At most %(decimals)s decimal places."
    assert error.params == {"decimals": 2}
    assert error.field == "value"


def test_a_percent_sign_is_safe_in_a_sentence_without_figures() -> None:
    assert str(RuleError("Above 100 % of the target.")) == "Above 100 % of the target."


def test_every_refusal_can_be_caught_as_one() -> None:
    assert issubclass(StaleError, RuleError)
    assert issubclass(NotFoundError, HouseError)
    assert issubclass(RuleError, HouseError)
