"""The chain of audit records: each holds the hash of the one before and its own.

The hash of a record is the SHA-256, as 64 hexadecimal digits, of the UTF-8 bytes of a JSON array
without blanks, in which only quotation marks, backslashes and control characters are escaped::

    [form, number, previous hash, at, actor id, actor name, source, action, subject, unit id, difference]

``form`` is 1, ``at`` is UTC with six digits of the second (``2022-06-30T08:00:00.000000Z``), and what a
record does not have is null. The first record's previous hash is 64 zeros. Numbers have no gaps.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

FORM = 1
"""Changes whenever the text that is hashed does."""

GENESIS = "0" * 64
"""What stands for the record before the first."""

WINDOW = 2_000
"""Records that are looked at together when something is wrong, to tell what happened to them."""

MOST_FAULTS = 100
"""What is out of order beyond this number is not told one by one."""

NEAR = 50
"""How far from its place a record's own number is looked for."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a record says."""

    at: datetime
    actor_id: int | None
    actor_name: str
    source: str | None
    action: str
    subject: str
    unit_id: int | None
    difference: str


def hash_of(number: int, previous: str, content: Content) -> str:
    """The hash of the record with this number and content, written after the one with this hash."""
    moment = content.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    fields = [
        FORM,
        number,
        previous,
        f"{moment}Z",
        content.actor_id,
        content.actor_name,
        content.source,
        content.action,
        content.subject,
        content.unit_id,
        content.difference,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A record as the database holds it; ``place`` is the number under which it stands there."""

    place: int
    previous: str
    hash: str
    content: Content

    def fits(self, number: int) -> bool:
        """Whether this is, unchanged, what was written under the number."""
        return hash_of(number, self.previous, self.content) == self.hash

    def own_number(self, guess: int) -> int | None:
        """The number under which it was written, if that is near; None where its content was changed."""
        steps = [step for n in range(1, NEAR + 1) for step in (n, -n)]
        near = [self.place, guess, *(self.place + step for step in steps)]
        return next((number for number in near if self.fits(number)), None)


@dataclass(frozen=True)
class End:
    """A record of the chain by its number and hash."""

    number: int
    hash: str


class FaultKind(StrEnum):
    """What happened to records."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Fault:
    """Records from ``first`` to ``last`` (their numbers; for what was inserted, where it stands).

    A moved record was written under the number ``first`` and stands at ``last``.
    """

    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True)
class Verdict:
    """What following a chain has found; ``seen_at`` is the number of the record with a hash looked for."""

    faults: tuple[Fault, ...]
    seen_at: int | None


def follow(links: Iterator[Link], start: End, end: End, *, look_for: str | None = None) -> Verdict:
    """Follow the chain from the record after ``start``, by place, to the ``end`` that was kept.

    What breaks it is told as what happened to records. Somebody who writes all hashes anew from a
    changed record on, and the kept end with them, is found by a hash noted elsewhere only.
    """
    walk = _Walk(start, end, look_for)
    for link in links:
        if not walk.goes_on(link):
            rows = [link, *islice(links, WINDOW)]
            _Knot(walk, rows, is_last=len(rows) <= WINDOW).explain()
            if len(walk.faults) >= MOST_FAULTS:
                walk.tell(FaultKind.TOO_MANY, walk.number)
                return Verdict(tuple(walk.faults), walk.seen_at)
    walk.arrive()
    return Verdict(tuple(walk.faults), walk.seen_at)


class _Walk:
    """How far the chain has been followed; ``shift`` is how far records stand from their own numbers."""

    def __init__(self, start: End, end: End, look_for: str | None) -> None:
        self.number, self.hash = start.number, start.hash
        self.end = end
        self.shift = 0
        self.look_for = look_for
        self.seen_at = start.number if start.hash == look_for else None
        self.faults: list[Fault] = []

    def goes_on(self, link: Link) -> bool:
        """Take the record, if it is the next one, unchanged and in its place."""
        number = self.number + 1
        if link.place != number + self.shift or link.previous != self.hash or not link.fits(number):
            return False
        self.take(link, number)
        return True

    def take(self, link: Link, number: int) -> None:
        """Go on from this record."""
        self.number, self.hash, self.shift = number, link.hash, link.place - number
        if link.hash == self.look_for:
            self.seen_at = number

    def tell(self, kind: FaultKind, first: int, last: int | None = None) -> None:
        """Add a fault, once, joining what lies side by side."""
        fault = Fault(kind, first, first if last is None else last)
        before = self.faults[-1] if self.faults else None
        if before and before.kind is kind is not FaultKind.MOVED and before.last + 1 == fault.first:
            self.faults[-1] = Fault(kind, before.first, fault.last)
        elif fault not in self.faults:
            self.faults.append(fault)

    def has_changed(self, number: int) -> bool:
        """Whether it was already told that this record was changed."""
        return any(f.kind is FaultKind.CHANGED and f.first <= number <= f.last for f in self.faults)

    def has_arrived(self) -> bool:
        """Whether this is the end that was kept."""
        return (self.number, self.hash) == (self.end.number, self.end.hash)

    def arrive(self) -> None:
        """Compare with the end that was kept."""
        if self.number < self.end.number:
            self.tell(FaultKind.REMOVED, self.number + 1, self.end.number)
        elif self.number > self.end.number:
            self.tell(FaultKind.INSERTED, self.end.number + 1, self.number)
        elif self.hash != self.end.hash and not self.has_changed(self.number):
            self.tell(FaultKind.CHANGED, self.number)


class _Knot:
    """Records from the first that does not follow, untied by going from hash to hash, not by place."""

    def __init__(self, walk: _Walk, rows: list[Link], *, is_last: bool) -> None:
        self.walk = walk
        self.rows = rows
        self.is_last = is_last
        self.unseen = {row.place: row for row in rows}
        self.after: dict[str, list[Link]] = defaultdict(list)
        for row in rows:
            self.after[row.previous].append(row)
        self.taken = {walk.number: walk.hash}
        self.order: list[tuple[int, int]] = []
        self.next = 0

    def explain(self) -> None:
        """Tell what happened to these records, and leave the walk where they end."""
        while self.unseen and not (self.is_last and self.walk.has_arrived()):
            row = self._written_next()
            if row is not None:
                self._take(row, self.walk.number + 1)
            else:
                self._go_on_by_place()
        for place in sorted(self.unseen):
            self.walk.tell(FaultKind.INSERTED, place)
        for number, place in _out_of_order(self.order):
            self.walk.tell(FaultKind.MOVED, number, place)

    def _take(self, row: Link, number: int) -> None:
        del self.unseen[row.place]
        self.order.append((number, row.place))
        self.taken[number] = row.hash
        self.walk.take(row, number)

    def _written_next(self) -> Link | None:
        """The unchanged record written after the last; of several, the one that the chain goes on from."""
        number, end = self.walk.number + 1, self.walk.end
        found = [row for row in self.after[self.walk.hash] if row.place in self.unseen and row.fits(number)]

        def doubt(row: Link) -> tuple[bool, int]:
            goes_on = row.hash in self.after or (number, row.hash) == (end.number, end.hash)
            return not goes_on, abs(row.place - number - self.walk.shift)

        return min(found, key=doubt, default=None)

    def _go_on_by_place(self) -> None:
        """Nothing follows the last record: judge the next one by its place."""
        walk = self.walk
        while self.rows[self.next].place not in self.unseen:
            self.next += 1
        row = self.rows[self.next]
        own = row.own_number(row.place - walk.shift)
        number = row.place - walk.shift if own is None else own
        if number <= walk.number:
            self._put_aside(row, own)
            return
        if number > walk.number + 1:
            walk.tell(FaultKind.REMOVED, walk.number + 1, number - 1)
        elif own is not None and not walk.has_changed(walk.number):
            # It is whole but was written after another one, so the other one is no longer what it was.
            walk.tell(FaultKind.CHANGED, walk.number)
        if own is None:
            beyond = self.is_last and number > walk.end.number
            walk.tell(FaultKind.INSERTED if beyond else FaultKind.CHANGED, number)
        self._take(row, number)

    def _put_aside(self, row: Link, own: int | None) -> None:
        """A second record for a number that was passed: it, or those that took its number, were inserted."""
        walk = self.walk
        is_original = own is not None and row.hash not in self.taken.values()
        if own is not None and is_original and self.taken.get(own - 1, row.previous) == row.previous:
            walk.tell(FaultKind.INSERTED, own + walk.shift, walk.number + walk.shift)
            self._take(row, own)
        else:
            walk.tell(FaultKind.INSERTED, row.place)
            del self.unseen[row.place]


def _out_of_order(order: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The fewest (number, place) without which the places rise with the numbers."""
    tails: list[int] = []
    lengths = []
    for _, place in order:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
        lengths.append(at + 1)
    kept, wanted, bound = set(), len(tails), None
    for index in range(len(order) - 1, -1, -1):
        place = order[index][1]
        if lengths[index] == wanted and (bound is None or place < bound):
            kept.add(index)
            wanted, bound = wanted - 1, place
    return [pair for index, pair in enumerate(order) if index not in kept]
