"""Due dates as a calendar file after RFC 5545: lines end with CRLF and are folded at 75 bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75


@dataclass(frozen=True)
class Event:
    """A whole day of the calendar; ``key`` stays the same when its day is moved."""

    key: str
    day: date
    title: str
    text: str


def calendar_file(events: Iterable[Event], *, name: str, zone: str, made_at: datetime) -> bytes:
    """The file. Events are whole days, so that they are the same day in whatever zone they are read."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Township tracker//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone}",
    ]
    for event in events:
        lines += _event(event, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.key)}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(event.title)}",
        f"DESCRIPTION:{_text(event.text)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(event.title)}",
        # Fifteen hours before the day begins: nine o'clock in the morning of the day before.
        "TRIGGER:-PT15H",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> Iterator[bytes]:
    """The line in parts of 75 bytes at most, never cut inside a character; later ones begin with a blank."""
    part = b""
    for char in line:
        encoded = char.encode()
        if len(part) + len(encoded) > LONGEST_LINE:
            yield part
            part = b" "
        part += encoded
    yield part
