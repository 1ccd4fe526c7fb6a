"""Checks of the files of evidence: all that the database names is there and whole, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.domain.errors import N_
from tracker.features.evidence.queries import file_faults, named_digests, stray_files
from tracker.features.upkeep.queries.findings import Finding, fail, good, warn


def evidence_is_whole() -> Iterator[Finding]:
    """Every file of evidence is there, and what its digest says."""
    faults = list(file_faults())
    missing = [fault.digest[:12] for fault in faults if fault.is_missing]
    damaged = [fault.digest[:12] for fault in faults if not fault.is_missing]
    if missing:
        yield fail(
            N_("%(count)s files of evidence are missing, among them %(name)s. Restore the last good backup."),
            count=len(missing),
            name=missing[0],
        )
    if damaged:
        yield fail(
            N_("%(count)s files of evidence are damaged, among them %(name)s. Restore the last good backup."),
            count=len(damaged),
            name=damaged[0],
        )
    strays = stray_files()
    if strays:
        yield warn(
            N_("%(count)s files belong to no evidence. Run tracker evidence clean."), count=len(strays)
        )
    if not faults:
        yield good(N_("All %(count)s files of evidence are there and whole."), count=len(named_digests()))
