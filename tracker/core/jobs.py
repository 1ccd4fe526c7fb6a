"""Work that goes on after the answer: in a thread of the process, with its progress in a file.

A job belongs to an upload (:mod:`tracker.core.kept_files`) and is found by the same token, from every
process on the instance folder and after a browser was closed. What a job changes it changes in one
transaction, so a process that ends meanwhile leaves nothing half done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from flask import copy_current_request_context, current_app

from tracker.core.clock import now
from tracker.core.i18n import say
from tracker.core.kept_files import keep_note, kept_note
from tracker.domain.errors import N_, HouseError, RuleError

_SILENT_SECONDS = 120
"""A job that has said nothing for so long has ended with its process."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""More long jobs at a time would make pages slow; the others wait for their turn."""


class JobState(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass
class Job:
    """What a job is doing (a word), how far it is, and what came of it, ready to be shown."""

    name: str
    state: JobState = JobState.RUNNING
    step: str = ""
    done: int = 0
    total: int = 0
    said: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    beat: float = 0.0

    @property
    def percent(self) -> int | None:
        """How much of the step is done; None where nobody can know."""
        return min(100, 100 * self.done // self.total) if self.total else None


Tell = Callable[[str, int, int], None]
"""Is told the step, how much of it is done, and out of how much (0: unknown)."""


@dataclass(frozen=True)
class Place:
    """Where a job's progress lies: beside the upload that it is about."""

    token: str
    owner_id: int
    purpose: str


def start_job(place: Place, name: str, work: Callable[[Tell], Mapping[str, Any]], *, wait: float) -> None:
    """Start the work in a thread that acts as whoever asked, and wait a little for its end.

    What ``work`` returns (it must be JSON) becomes the result; a broken rule becomes what is said.
    """
    keeper = _Keeper(place, Job(name))
    keeper.keep()

    @copy_current_request_context
    def run() -> None:
        with _AT_ONCE:
            keeper.run(work)

    thread = threading.Thread(target=run, name=f"job-{name}", daemon=True)
    thread.start()
    thread.join(wait)


def job_of(place: Place) -> Job | None:
    """The job as it stands; one whose process has ended is told as failed."""
    found = kept_note(place.token, owner_id=place.owner_id, purpose=place.purpose)
    if found is None:
        return None
    job = Job(**{**found, "state": JobState(found["state"])})
    if job.state is JobState.RUNNING and now().timestamp() - job.beat > _SILENT_SECONDS:
        job.state = JobState.FAILED
        job.said = say(RuleError(N_("The program was stopped meanwhile. Nothing was changed; start again.")))
    return job


class _Keeper:
    def __init__(self, place: Place, job: Job) -> None:
        self.place, self.job = place, job

    def keep(self) -> None:
        self.job.beat = now().timestamp()
        place = self.place
        keep_note(asdict(self.job), token=place.token, owner_id=place.owner_id, purpose=place.purpose)

    def tell(self, step: str, done: int, total: int) -> None:
        job = self.job
        is_news = step != job.step or now().timestamp() - job.beat > 0.5
        job.step, job.done, job.total = step, done, total
        if is_news:
            self.keep()

    def run(self, work: Callable[[Tell], Mapping[str, Any]]) -> None:
        job = self.job
        try:
            job.result = dict(work(self.tell))
            job.state = JobState.DONE
        except HouseError as error:
            job.state, job.said = JobState.FAILED, say(error)
        except Exception:
            current_app.logger.exception("a job failed")
            job.state = JobState.FAILED
            job.said = say(RuleError(N_("Something went wrong on our side. Nothing was changed; try again.")))
        self.keep()
