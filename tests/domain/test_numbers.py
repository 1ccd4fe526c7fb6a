"""Reading what staff type, and rounding half up: exact, and never anything but a rule's own refusal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import RuleError
from tracker.domain.numbers import LIMIT, LONGEST, PLACES, check_number, parse_number, plain, round_half_up

WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Fraction(3757, 240), 2, "15.65"),  # 3757 / 24000 x 100 = 15.65416...
        (Fraction(5, 1000), 2, "0.01"),  # exactly half goes up ...
        (Fraction(15, 1000), 2, "0.02"),  # ... also where banker's rounding would keep the even 0.02
        (Fraction(25, 1000), 2, "0.03"),  # ... and where it would give 0.02
        (Fraction(4999, 1_000_000), 2, "0.00"),
        (Fraction(-5, 1000), 2, "-0.01"),  # half away from zero
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 0, "1"),
        (Fraction(-1, 3), 0, "0"),
        (Decimal("1.005"), 2, "1.01"),  # as a binary float 1.005 is below the half and would give 1.00
        (7, 1, "7.0"),
    ],
)
def test_rounding_is_half_up_and_keeps_the_decimals(
    value: Fraction | Decimal | int, decimals: int, shown: str
) -> None:
    assert str(round_half_up(value, decimals)) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=8))
def test_rounding_agrees_with_the_standard_librarys_half_up(value: Decimal) -> None:
    for decimals in range(7):
        expected = value.quantize(Decimal(1).scaleb(-decimals), context=WIDE)
        assert round_half_up(value, decimals) == expected
        assert round_half_up(Fraction(value), decimals) == expected


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 6))
def test_rounding_is_never_further_than_half_a_last_digit(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(round_half_up(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


@given(st.fractions(min_value=-(10**12), max_value=10**12), st.integers(0, 4))
def test_rounding_mirrors_at_zero(value: Fraction, decimals: int) -> None:
    assert round_half_up(-value, decimals) == -round_half_up(value, decimals)


def test_rounding_never_shows_minus_zero() -> None:
    assert str(round_half_up(Fraction(-1, 10_000), 2)) == "0.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("12.50", "12.5"),
        ("100", "100"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("-0.50", "-0.5"),
        ("0.0001", "0.0001"),
        ("1E-4", "0.0001"),
    ],
)
def test_plain_text_has_neither_exponent_nor_idle_zeros(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("typed", "decimals", "value"),
    [
        ("1250", 0, "1250"),
        (" 1250 ", 0, "1250"),
        ("１２５０", 0, "1250"),
        ("　１，２５０．５　", 1, "1250.5"),
        ("1,250", 0, "1250"),
        ("1,234,567.89", 2, "1234567.89"),
        ("1 250", 0, "1250"),
        ("+5", 0, "5"),
        (".5", 1, "0.5"),
        ("5.", 0, "5"),
        ("007", 0, "7"),
        ("12.500", 1, "12.5"),  # zeros beyond the decimals change nothing
        ("0", 0, "0"),
        ("-0", 0, "0"),
        ("1.2万", 0, "12000"),
        ("1.2 万", 0, "12000"),
        ("0.5亿", 0, "50000000"),
        ("0.00005万", 1, "0.5"),
        ("9999999999.9999", 4, "9999999999.9999"),
    ],
)
def test_a_number_is_read_the_way_staff_write_it(typed: str, decimals: int, value: str) -> None:
    assert parse_number(typed, decimals=decimals) == Decimal(value)


@pytest.mark.parametrize("typed", ["-12", "－12", "−12", "-1,200", "-.5"])
def test_a_negative_number_is_read_only_where_it_is_possible(typed: str) -> None:
    assert parse_number(typed, decimals=1, negative=True) < 0
    with pytest.raises(RuleError, match="negative"):
        parse_number(typed, decimals=1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "not a number"),
        ("   ", "not a number"),
        ("万", "not a number"),
        (".", "not a number"),
        ("-", "not a number"),
        ("abc", "not a number"),
        ("一百", "not a number"),
        ("1e5", "not a number"),
        ("1e9999", "not a number"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("NaN", "not a number"),
        ("sNaN", "not a number"),
        ("Infinity", "not a number"),
        ("-inf", "not a number"),
        ("1.2.3", "not a number"),
        ("--5", "not a number"),
        ("5%", "not a number"),
        ("=1+1", "not a number"),
        ("1万万", "not a number"),
        ("½", "not a number"),
        ("\ud800", "not a number"),
        ("1\ud800", "not a number"),
        ("1\x00", "not a number"),
        ("12,3", "comma"),
        ("1,2500", "comma"),
        (",250", "comma"),
        ("1,,250", "comma"),
        ("12.5,000", "comma"),
        ("10000000000", "too large"),
        ("100亿", "too large"),
        ("9" * LONGEST, "too large"),
        ("9" * (LONGEST + 1), "too long"),
    ],
)
def test_what_is_not_a_number_is_refused_with_what_would_be_right(typed: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        parse_number(typed, decimals=2)


@pytest.mark.parametrize(
    "typed",
    [
        "5²",  # five square is not 52
        "①②",
        "2₃",
        "3\n4",  # two cells pasted into one are not 34
        "12 13",
        "1\t2",
        "0,125",  # a decimal comma is not 125
        "00,125",
    ],
)
def test_a_number_is_never_read_as_another_one(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_number(typed, decimals=4)


@pytest.mark.parametrize("typed", ["1." + "0" * 36 + "1", "1." + "0" * 34 + "1万"])
def test_no_digit_is_dropped_before_the_decimals_are_counted(typed: str) -> None:
    with pytest.raises(RuleError, match="whole numbers"):
        parse_number(typed, decimals=0)


def test_a_number_is_read_alike_whatever_precision_the_caller_has_set() -> None:
    with localcontext() as context:
        context.prec = 3
        assert parse_number("1234567.89", decimals=2) == Decimal("1234567.89")


def test_more_decimals_than_the_indicator_has_are_refused_and_the_limit_named() -> None:
    with pytest.raises(RuleError, match="Only whole numbers"):
        parse_number("12.5", decimals=0)
    with pytest.raises(RuleError, match="At most 2 decimal places"):
        parse_number("12.345", decimals=2)
    assert parse_number("12.34", decimals=2) == Decimal("12.34")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+9999", "1E-9999"])
def test_a_decimal_from_elsewhere_is_refused_when_it_cannot_be_kept(value: str) -> None:
    with pytest.raises(RuleError):
        check_number(Decimal(value), decimals=2, negative=True)


def test_ten_megabytes_of_digits_are_refused_without_being_read() -> None:
    with pytest.raises(RuleError, match="too long"):
        parse_number("1" * 10_000_000, decimals=0)


ODD_CHARACTERS = (
    "0123456789.,+-−－ ０１２９．，٠١٢٣۴५²½①⒈Ⅷ〇一万亿%‰eE_xNaIinfty"
    "\t\n\u3000\u00a0\u200b\u202e\x00\ud800\udfff\ufdfa"
)


@given(
    st.one_of(
        st.text(st.characters(), max_size=200),
        st.text(ODD_CHARACTERS, max_size=200),
        st.text(ODD_CHARACTERS, max_size=8),
        st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=40),
    ),
    st.integers(0, PLACES),
    st.booleans(),
)
def test_any_text_gives_a_storable_number_or_a_rule_error(typed: str, decimals: int, negative: bool) -> None:
    try:
        value = parse_number(typed, decimals=decimals, negative=negative)
    except RuleError as error:
        assert str(error)
        return
    assert value.is_finite()
    assert abs(value) < LIMIT
    assert negative or value >= 0
    assert (value * 10**decimals) % 1 == 0


@given(
    st.decimals(min_value=-9_999_999_999, max_value=9_999_999_999, places=PLACES, allow_nan=False),
    st.sampled_from(["{:f}", "{:,f}", "{:+f}", " {:f} "]),
)
def test_a_formatted_number_reads_back_as_itself(value: Decimal, form: str) -> None:
    assert parse_number(form.format(value), decimals=PLACES, negative=True) == value
    assert parse_number(plain(value), decimals=PLACES, negative=True) == value


@given(st.integers(0, 9_999_999_999))
def test_full_width_digits_read_like_plain_ones(value: int) -> None:
    wide = str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_number(wide, decimals=0) == value
