"""The calendar of the house: what is loaded, who may change it, and that nothing is overwritten silently."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError, StaleError
from tracker.features.calendar.models import CalendarDay, DaySource
from tracker.features.calendar.queries import days_of, find_day, get_day, notices, work_calendar
from tracker.features.calendar.services import (
    DayDraft,
    add_day,
    change_day,
    load_missing_years,
    load_year,
    remove_day,
)

NATIONAL_DAY = date(2022, 10, 4)
SWAPPED = date(2022, 10, 8)
LOCAL = date(2022, 8, 18)


def audited(action: str) -> list[tuple[str, str, str]]:
    """(actor, subject, difference) of the records of one action, the first one first."""
    rows = db.session.execute(
        select(AuditRecord.actor_name, AuditRecord.subject, AuditRecord.difference)
        .where(AuditRecord.action == action)
        .order_by(AuditRecord.id)
    )
    return [(actor, subject, difference) for actor, subject, difference in rows]


# What is loaded


def test_exactly_the_years_with_a_notice_are_loaded(blank: House) -> None:
    with blank.inside():
        assert sorted(notices()) == [2022, 2023, 2024, 2025, 2026]
        assert work_calendar().published == {2022, 2023, 2024, 2025, 2026}
        assert days_of(2027) == []


@pytest.mark.parametrize(
    ("year", "number", "off", "worked"),
    [
        # Days off and swapped days as the seven paragraphs of each notice add up.
        (2022, "国办发明电〔2021〕11号", 3 + 7 + 3 + 5 + 3 + 3 + 7, 2 + 1 + 2 + 2),
        (2023, "国办发明电〔2022〕16号", 3 + 7 + 1 + 5 + 3 + 8, 2 + 2 + 1 + 2),
        (2024, "国办发明电〔2023〕7号", 1 + 8 + 3 + 5 + 1 + 3 + 7, 2 + 1 + 2 + 1 + 2),
        (2025, "国办发明电〔2024〕12号", 1 + 8 + 3 + 5 + 3 + 8, 2 + 1 + 2),
        (2026, "国办发明电〔2025〕7号", 3 + 9 + 3 + 5 + 3 + 3 + 7, 1 + 2 + 1 + 2),
    ],
)
def test_each_notice_has_its_number_and_its_days(year: int, number: str, off: int, worked: int) -> None:
    notice = notices()[year]
    assert notice.number == number
    assert Counter(row.is_workday for row in notice.days) == {False: off, True: worked}


def test_only_weekend_days_are_swapped_and_no_day_is_told_twice() -> None:
    days = [row for notice in notices().values() for row in notice.days]
    assert all(row.day.weekday() >= 5 for row in days if row.is_workday)
    assert len({row.day for row in days}) == len(days)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2022, 9, 30), 1, date(2022, 10, 8)),  # National Day 2022, then a worked Saturday
        (date(2022, 9, 30), 3, date(2022, 10, 10)),
        (date(2022, 12, 30), 1, date(2023, 1, 3)),  # New Year reaches back into 2022
        (date(2023, 9, 28), 1, date(2023, 10, 7)),  # eight days off, then a worked Saturday
        (date(2024, 2, 9), 1, date(2024, 2, 18)),  # Spring Festival, then a worked Sunday
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # Thursday after eight days off
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # worked Saturday, nine days off, Tuesday
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # not published: a Friday like any other
    ],
)
def test_working_days_of_the_loaded_years(library: House, day: date, count: int, expected: date) -> None:
    with library.inside():
        assert work_calendar().add_workdays(day, count) == expected


# Changing it


def test_a_day_is_entered_changed_and_removed_with_a_record_of_each(blank: House) -> None:
    with blank.inside():
        with writing():
            add_day(DayDraft(LOCAL, False, "建镇纪念日"), actor=HOUSE)
            db.session.commit()
        assert get_day(LOCAL).source is DaySource.OWN
        assert not work_calendar().is_workday(LOCAL)
        with writing():
            change_day(DayDraft(LOCAL, True, "照常上班"), version=0, actor=HOUSE)
            db.session.commit()
        assert work_calendar().is_workday(LOCAL)
        with writing():
            remove_day(LOCAL, version=1, actor=HOUSE)
            db.session.commit()
        assert find_day(LOCAL) is None
        said = [audited(action)[-1] for action in ("calendar.add", "calendar.change", "calendar.remove")]
        assert said == [
            ("system", "calendar 2022-08-18", "day: — → day off (建镇纪念日)"),
            ("system", "calendar 2022-08-18", "day: day off (建镇纪念日) → working day (照常上班)"),
            ("system", "calendar 2022-08-18", "day: working day (照常上班) → —"),
        ]


def test_a_day_that_is_there_and_one_without_a_name_are_refused(blank: House) -> None:
    with blank.inside():
        with pytest.raises(RuleError, match="already") as refused, writing():
            add_day(DayDraft(SWAPPED, False, "休息"), actor=HOUSE)
        assert refused.value.field == "day"
        with pytest.raises(RuleError, match="Say what the day is"), writing():
            add_day(DayDraft(LOCAL, False, ""), actor=HOUSE)


@pytest.mark.parametrize("version", [-1, 1])
def test_a_day_is_written_on_the_version_that_was_seen_only(blank: House, version: int) -> None:
    with blank.inside():
        with pytest.raises(StaleError), writing():
            change_day(DayDraft(SWAPPED, False, "休息"), version=version, actor=HOUSE)
        with pytest.raises(StaleError), writing():
            remove_day(SWAPPED, version=version, actor=HOUSE)
        assert work_calendar().is_workday(SWAPPED)


def test_a_published_year_is_put_back_and_own_days_stay(blank: House) -> None:
    with blank.inside():
        before = days_of(2022)
        with writing():
            add_day(DayDraft(LOCAL, False, "建镇纪念日"), actor=HOUSE)
            change_day(DayDraft(SWAPPED, False, "不调休"), version=0, actor=HOUSE)
            remove_day(NATIONAL_DAY, version=0, actor=HOUSE)
            db.session.commit()
        assert not work_calendar().is_workday(SWAPPED)
        assert work_calendar().is_workday(NATIONAL_DAY)
        with writing():
            assert load_year(2022, actor=HOUSE) == 2
            db.session.commit()
        found = {row.day: row for row in days_of(2022)}
        assert found.pop(LOCAL).source is DaySource.OWN
        content = [(row.day, row.is_workday, row.name, row.source) for row in found.values()]
        assert content == [(row.day, row.is_workday, row.name, row.source) for row in before]
        # Whoever had the changed day open does not overwrite it unseen.
        assert found[SWAPPED].version == 2
        assert "2022-10-08: day off (不调休) → working day (国庆节)" in audited("calendar.load")[-1][2]


def test_only_years_of_which_nothing_is_there_are_loaded_by_themselves(blank: House) -> None:
    with blank.inside():
        with writing():
            assert load_missing_years(actor=HOUSE) == ()
            db.session.execute(
                db.delete(CalendarDay).where(CalendarDay.day.between(date(2026, 1, 1), date(2026, 12, 31)))
            )
            assert load_missing_years(actor=HOUSE) == (2026,)
            db.session.commit()
        assert len(days_of(2026)) == len(notices()[2026].days)
        with pytest.raises(NotFoundError, match="2027"), writing():
            load_year(2027, actor=HOUSE)


# The pages


@pytest.fixture
def keeper(small: House) -> Visitor:
    """The administrator of the whole township."""
    return small.visitor("guanli")


def test_a_year_shows_its_special_days_as_words(keeper: Visitor) -> None:
    page = keeper.get("/calendar?year=2022").page
    assert "2022: as published, 国办发明电〔2021〕11号" in page.text
    months = page.root.all("table", class_="month__table")
    assert len(months) == 12
    october = next(month for month in months if month.one("caption").text.startswith("October"))
    assert "18 working days" in october.text
    words = {link["href"]: link.one("span", class_="month__word").text for link in october.all("a")}
    assert words == {f"/calendar/2022-10-0{day}": "work" if day > 7 else "off" for day in range(1, 10)}
    assert "1 Oct – 7 Oct (7 days)" in page.text
    assert "8 Oct Saturday, 9 Oct Sunday" in page.text


def test_a_year_without_a_notice_says_so(keeper: Visitor) -> None:
    assert "2027: not yet published, Monday to Friday assumed" in keeper.get("/calendar?year=2027").page.text
    assert "2019: no notice in this program" in keeper.get("/calendar?year=2019").page.text
    form = keeper.get("/calendar?year=2027").page.form("/calendar?year=2027")
    keeper.submit(form, {"day": "2027-01-01", "kind": "off", "name": "元旦"})
    assert "1 day was entered here" in keeper.get("/calendar?year=2027").page.text
    assert "尚未公布" in keeper.get("/calendar?year=2028&lang=zh").page.text


@pytest.mark.parametrize("year", ["", "0", "x", "99999999999", "-1", "1999", "2101", "２０２２"])
def test_nonsense_shows_todays_year(keeper: Visitor, year: str) -> None:
    assert "Working days of 2022" in keeper.get(f"/calendar?year={year}").page.heading


@pytest.mark.parametrize("day", ["x", "2022-13-01", "2022-08-18", "1999-01-01"])
def test_a_day_that_the_calendar_does_not_name_is_not_found(keeper: Visitor, day: str) -> None:
    keeper.get(f"/calendar/{day}", status=404)


def test_a_refused_day_comes_back_with_what_was_typed(keeper: Visitor) -> None:
    form = keeper.get("/calendar").page.form("/calendar?year=2022")
    answer = keeper.submit(form, {"day": "2022-02-30", "kind": "work", "name": "Snow"}, status=422)
    again = answer.page.form("/calendar?year=2022")
    assert "Enter a day between" in answer.page.text
    assert (again.fields["day"], again.fields["kind"], again.fields["name"]) == ("2022-02-30", "work", "Snow")
    answer = keeper.submit(form, {"day": "2022-10-08", "name": "x"}, status=422)
    assert "in the calendar already" in answer.page.text
    answer = keeper.submit(form, {"day": "2022-08-18", "kind": "?"}, status=422)
    assert "Choose one of the two" in answer.page.text


def test_two_who_change_the_same_day_do_not_overwrite_each_other(small: House, keeper: Visitor) -> None:
    other = small.visitor("guanli")
    path = "/calendar/2022-10-08"
    mine, theirs = (visitor.get(path).page.form(path) for visitor in (keeper, other))
    other.submit(theirs, {"kind": "off", "name": "不调休", "name_en": "Not swapped"})
    answer = keeper.submit(mine, {"name": "Swapped"}, status=409)
    assert "Someone changed this day" in answer.page.messages
    assert "Not swapped" in answer.page.text
    # Having seen the other's day, one may write on top of it; what was typed is still there.
    again = answer.page.form(path)
    assert again.fields["name"] == "Swapped"
    keeper.submit(again)
    with small.inside():
        assert get_day(SWAPPED).name == "Swapped"
    keeper.submit(keeper.get(path).page.form(f"{path}/remove"), {"version": "0"}, status=409)
    keeper.submit(keeper.get(path).page.form(f"{path}/remove"))
    with small.inside():
        assert find_day(SWAPPED) is None


def test_below_the_top_the_calendar_can_be_read_and_not_changed(small: House) -> None:
    with small.inside():
        make.add_sample_user("lc01", "administrator", "LC01")
    visitor = small.visitor("lc01")
    page = visitor.get("/calendar").page
    assert "You can read this calendar but not change it" in page.text
    assert not page.root.all("form", action="/calendar?year=2022")
    fields = {"csrf_token": visitor.token(), "day": "2022-08-18", "kind": "off", "name": "x", "version": "0"}
    for path in ("", "/2022-10-08", "/2022-10-08/remove", "/years/2022/load"):
        visitor.post(f"/calendar{path}", fields, status=404)
    with small.inside():
        assert find_day(LOCAL) is None
        assert get_day(SWAPPED).version == 0
