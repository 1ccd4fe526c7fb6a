"""What happened to a chain of records, told from the records alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.core.chain import (
    GENESIS,
    WINDOW,
    Content,
    End,
    FaultKind,
    Link,
    follow,
    hash_of,
)

CHANGED, REMOVED, INSERTED, MOVED = (
    FaultKind.CHANGED,
    FaultKind.REMOVED,
    FaultKind.INSERTED,
    FaultKind.MOVED,
)
START = End(0, GENESIS)
NIGHT = datetime(2022, 6, 30, 16, 0, 0, 5, tzinfo=UTC)


def content(number: int) -> Content:
    at = NIGHT + timedelta(minutes=number)
    return Content(at, 7, "jiqing", "10.0.0.1", "report.save", f"report {number}", 3, "I01: 1 → 2")


def links(count: int, *, first: int = 1, before: str = GENESIS) -> list[Link]:
    """A whole chain."""
    made = []
    for number in range(first, first + count):
        link = Link(number, before, hash_of(number, before, content(number)), content(number))
        before = link.hash
        made.append(link)
    return made


def faults(rows: list[Link], end: Link) -> list[tuple[FaultKind, int, int]]:
    """What is told about rows whose kept end is the one of this record."""
    rows = sorted(rows, key=lambda row: row.place)
    verdict = follow(iter(rows), START, End(end.place, end.hash))
    return [(fault.kind, fault.first, fault.last) for fault in verdict.faults]


def without(rows: list[Link], *numbers: int) -> list[Link]:
    return [row for row in rows if row.place not in numbers]


def altered(row: Link, *, hashed: bool = False) -> Link:
    """The record with other content; with ``hashed``, its own hash made to fit."""
    other = replace(row.content, difference="I01: 1 → 9")
    return replace(row, content=other, hash=hash_of(row.place, row.previous, other) if hashed else row.hash)


def moved(rows: list[Link], by: int) -> list[Link]:
    return [replace(row, place=row.place + by) for row in rows]


def test_the_form_of_a_record_never_changes() -> None:
    """Written out once with sha256sum; whoever changes the form must give it another number."""
    assert hash_of(1, GENESIS, content(1)) == (
        "c03c5c6e14e0be1addaf733110634daa25360de696c858de9f0c8feb69c60561"
    )
    assert hash_of(2, "ab" * 32, replace(content(2), actor_id=None, source=None, unit_id=None)) == (
        "2ae87625f935f039d18193a19d6a1c7fe1cc2f9435392fd7f78ea50bcf254f93"
    )


def test_every_part_of_a_record_is_in_its_hash() -> None:
    one = content(1)
    others = [
        replace(one, at=one.at + timedelta(microseconds=1)),
        replace(one, actor_id=8),
        replace(one, actor_id=None),
        replace(one, actor_name="jiqin"),
        replace(one, source=None),
        replace(one, source=""),
        replace(one, action="report.submit"),
        replace(one, subject="report 2"),
        replace(one, unit_id=None),
        replace(one, difference=""),
    ]
    digests = [hash_of(1, GENESIS, each) for each in [one, *others]]
    digests += [hash_of(2, GENESIS, one), hash_of(1, "1" * 64, one)]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("count", [0, 1, 2, 50, WINDOW + 5])
def test_a_whole_chain_has_no_fault(count: int) -> None:
    rows = links(count)
    end = rows[-1] if rows else Link(0, "", GENESIS, content(0))
    assert faults(rows, end) == []


def test_a_changed_record_is_named_whether_or_not_its_hash_was_made_to_fit() -> None:
    rows = links(10)
    for place in range(1, 11):
        for hashed in (False, True):
            broken = [altered(row, hashed=hashed) if row.place == place else row for row in rows]
            assert faults(broken, rows[-1]) == [(CHANGED, place, place)], (place, hashed)


def test_a_changed_hash_alone_is_a_changed_record() -> None:
    rows = links(10)
    for place in (1, 5, 10):
        for name in ("hash", "previous"):
            broken = [replace(r, **{name: "f" * 64}) if r.place == place else r for r in rows]
            assert faults(broken, rows[-1]) == [(CHANGED, place, place)], (place, name)


@pytest.mark.parametrize("gone", [(1,), (5,), (10,), (1, 2, 3), (4, 5), (9, 10), (2, 7)])
def test_removed_records_are_named(gone: tuple[int, ...]) -> None:
    rows = links(10)
    told = faults(without(rows, *gone), rows[-1])
    assert {kind for kind, _, _ in told} == {REMOVED}
    assert [n for _, first, last in told for n in range(first, last + 1)] == list(gone)


def test_a_removed_record_is_named_though_the_others_were_numbered_anew() -> None:
    rows = links(10)
    assert faults(rows[:4] + moved(rows[5:], -1), rows[-1]) == [(REMOVED, 5, 5)]
    assert faults(moved(rows[1:], -1), rows[-1]) == [(REMOVED, 1, 1)]


def forged(rows: list[Link], place: int) -> Link:
    """A record that fits at this place: whoever knows the program can make one."""
    before = rows[place - 2].hash if place > 1 else GENESIS
    other = replace(content(place), subject="report forged")
    return Link(place, before, hash_of(place, before, other), other)


@pytest.mark.parametrize("place", [1, 2, 5, 10, 11])
def test_an_inserted_record_is_named_at_its_place(place: int) -> None:
    rows = links(10)
    after = moved(rows[place - 1 :], 1)
    copied = replace(rows[3], place=place)
    senseless = Link(place, "a" * 64, "b" * 64, content(place))
    for added in (forged(rows, place), copied, senseless):
        assert faults([*rows[: place - 1], added, *after], rows[-1]) == [(INSERTED, place, place)]


def test_several_inserted_records_that_fit_each_other_are_named() -> None:
    rows = links(10)
    first = forged(rows, 4)
    second = Link(5, first.hash, hash_of(5, first.hash, content(77)), content(77))
    assert faults([*rows[:3], first, second, *moved(rows[3:], 2)], rows[-1]) == [(INSERTED, 4, 5)]


def test_records_that_changed_places_are_named() -> None:
    rows = links(10)

    def swapped(one: int, other: int) -> list[Link]:
        places = {one: other, other: one}
        return [replace(row, place=places.get(row.place, row.place)) for row in rows]

    for one, other in ((5, 6), (2, 9), (1, 10), (9, 10), (1, 2)):
        told = faults(swapped(one, other), rows[-1])
        assert {kind for kind, _, _ in told} == {MOVED}, (one, other, told)
        assert {n for _, first, last in told for n in (first, last)} == {one, other}
    turned = [*rows[:4], replace(rows[8], place=5), *moved(rows[4:8], 1), rows[9]]
    assert faults(turned, rows[-1]) == [(MOVED, 9, 5)]


def test_different_faults_are_told_apart() -> None:
    rows = links(30)
    broken = without(rows, 12)
    broken = [altered(row) if row.place == 4 else row for row in broken]
    broken = [altered(row, hashed=True) if row.place == 20 else row for row in broken]
    broken.append(Link(31, rows[-1].hash, "0" * 64, content(31)))
    assert faults(broken, rows[-1]) == [
        (CHANGED, 4, 4),
        (REMOVED, 12, 12),
        (CHANGED, 20, 20),
        (INSERTED, 31, 31),
    ]


def test_a_fault_far_from_the_end_does_not_hide_a_later_one() -> None:
    rows = links(WINDOW * 2 + 100)
    late = WINDOW * 2 + 50
    broken = [*rows[:9], forged(rows, 10), *moved(rows[9 : late - 1], 1), *moved(rows[late:], 1)]
    assert faults(broken, rows[-1]) == [(INSERTED, 10, 10), (REMOVED, late, late)]


def test_faults_without_end_are_not_all_told() -> None:
    rows = [altered(row) if row.place % 2 else row for row in links(WINDOW * 2)]
    assert faults(rows, rows[-1])[-1][0] is FaultKind.TOO_MANY


def test_a_hash_noted_elsewhere_is_found_only_while_everything_before_it_stands() -> None:
    rows = links(10)
    verdict = follow(iter(rows), START, End(10, rows[9].hash), look_for=rows[6].hash)
    assert (verdict.faults, verdict.seen_at) == ((), 7)
    # All hashes written anew from the fourth record on, and the kept end with them.
    again = links(3)
    before = again[-1].hash
    for number in range(4, 11):
        other = replace(content(number), difference="")
        again.append(Link(number, before, hash_of(number, before, other), other))
        before = again[-1].hash
    verdict = follow(iter(again), START, End(10, before), look_for=rows[6].hash)
    assert (verdict.faults, verdict.seen_at) == ((), None)
    assert follow(iter(again), START, End(10, before), look_for=rows[2].hash).seen_at == 3


def test_whatever_is_done_to_a_chain_is_noticed() -> None:
    """Many random injuries: something is always told, and it never fails."""
    chance = random.Random(5)
    rows = links(40)
    deeds: list[Callable[[list[Link]], list[Link]]] = [
        lambda found: without(found, chance.choice(found).place),
        lambda found: [
            altered(r, hashed=chance.random() < 0.5) if chance.random() < 0.1 else r for r in found
        ],
        lambda found: renumbered(chance.sample(found, len(found))),
        lambda found: renumbered([*found[:7], replace(chance.choice(found)), *found[7:]]),
    ]

    def renumbered(found: list[Link]) -> list[Link]:
        return [replace(row, place=place) for place, row in enumerate(found, start=1)]

    def hurt() -> Iterator[list[Link]]:
        for _ in range(200):
            found = rows
            for deed in chance.sample(deeds, chance.randrange(1, 4)):
                found = deed(found)
            yield found

    for found in hurt():
        is_same = sorted(found, key=lambda row: row.place) == rows
        assert bool(faults(found, rows[-1])) is not is_same
