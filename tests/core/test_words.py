"""What was recorded, said in words: local moments, days, and nothing that only the program reads."""

from __future__ import annotations

import pytest

from tests.kit.house import House
from tracker.core.fields import field_word, value_words
from tracker.core.history import Change, in_words
from tracker.core.i18n import speak


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2022-07-01", "2022年7月1日", "1 July 2022"),
        ("2022-07-01 01:02:03.456789+00:00", "2022-07-01 09:02", "2022-07-01 09:02"),
        ("2022-07-01T01:02:03+00:00", "2022-07-01 09:02", "2022-07-01 09:02"),
        ("2022-07-01 01:02 UTC", "2022-07-01 09:02", "2022-07-01 09:02"),
        ("2022-99-01", "2022-99-01", "2022-99-01"),
    ],
)
def test_days_and_moments_are_said_as_people_here_say_them(
    blank: House, value: str, zh: str, en: str
) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        with blank.app.test_request_context(headers={"Cookie": f"language={lang}"}):
            assert value_words("from", value) == said


def test_a_way_by_numbers_is_left_out(blank: House) -> None:
    with blank.app.test_request_context(headers={"Cookie": "language=en"}):
        said = in_words([Change("path", "/1/2/", "/1/3/"), Change("parent", None, "LC")])
    assert [change.after for change in said] == ["LC"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "“x”不是此处可填的内容，可填：是、否。"), ("en", "Yes, No")]
)
def test_allowed_words_are_listed_as_the_language_does(blank: House, lang: str, said: str) -> None:
    message = "“%(word)s” is not one of the words that are possible here: %(words)s."
    with blank.app.test_request_context(headers={"Cookie": f"language={lang}"}):
        text = speak(message, {"word": "x", "words": ("Yes", "No")})
    assert said in text or ("、" in text) is (lang == "zh")


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("due 2022-01", "报送期限：2022年1月", "Report due on: January 2022"),
        ("open_until 2022-Q2", "最后开放日：2022年第二季度", "Last day open: Q2 2022"),
        ("due x", "due x", "due x"),
        ("N01 2022-01", "N01 2022-01", "N01 2022-01"),
    ],
)
def test_a_date_of_one_period_is_said_with_the_period(blank: House, name: str, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        with blank.app.test_request_context(headers={"Cookie": f"language={lang}"}):
            assert field_word(name) == said
