"""The one code that opens the set-up: made by an operator, shown once, kept as a digest only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tracker.core.audit import Actor, record
from tracker.core.instance import open_setup
from tracker.core.slow_hashes import slow_hash
from tracker.domain.errors import N_, RuleError
from tracker.domain.one_time_codes import CODE_LENGTH, CODE_LETTERS
from tracker.features.setup.queries import has_users


@dataclass(frozen=True)
class PreparedCode:
    """A code and its digest, of which nothing is kept yet."""

    code: str = field(repr=False)
    digest: str


def prepare_code() -> PreparedCode:
    """A new code. Its digest is slow on purpose: call it before the write begins."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return PreparedCode(code, slow_hash(code))


def make_code(prepared: PreparedCode, *, actor: Actor) -> str:
    """Put the code in place of any older one, and let the set-up wait for it.

    Raises :class:`RuleError` once there is a user: then nobody is to become administrator by a code.
    """
    if has_users():
        raise RuleError(N_("There is a user already, so this instance is set up on its pages."))
    open_setup(prepared.digest)
    record("instance.open_setup", actor=actor, subject="instance")
    return prepared.code


def note_wrong_code(*, actor: Actor) -> None:
    """Record that somebody tried a code that was wrong."""
    record("instance.wrong_code", actor=actor, subject="instance")
