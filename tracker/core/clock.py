"""The only clock: aware UTC moments, and the local day that deadlines are counted in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.instance import instance_facts, setting_here


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The township's time zone."""
    return ZoneInfo(setting_here("TIME_ZONE"))


def end_of(day: date) -> datetime:
    """The moment at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, zone())


def present_day() -> date:
    """The local day by the clock on the wall, also where a sample is told on another one."""
    return now().astimezone(zone()).date()


def today() -> date:
    """The local day. A sample township lives on the day its story is told."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The local day of a moment; in a sample township always the day its story is told."""
    return instance_facts().sample_today or moment.astimezone(zone()).date()
