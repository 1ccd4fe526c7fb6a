"""Inviting several people at once: all of them, or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.core.audit import Actor
from tracker.domain.errors import N_, RuleError
from tracker.features.accounts.models import User
from tracker.features.people.services.invitations import Newcomer, Prepared, Secret, invite_user, placeholders


class RefusedLinesError(RuleError):
    """Some lines of a list are refused; ``by_line`` has the broken rule of each by its number."""

    def __init__(self, by_line: dict[int, RuleError]) -> None:
        super().__init__(N_("Nobody was invited: some lines need to be mended first."))
        self.by_line = by_line


def try_newcomers(newcomers: Mapping[int, Newcomer], *, actor: Actor) -> dict[int, RuleError]:
    """Invite everybody and tell which lines are refused; the caller takes it back afterwards.

    Nobody ever sees what stands in for the secrets, so nothing slow has to be worked out for them.
    """
    try:
        invite_newcomers(newcomers, placeholders(len(newcomers)), actor=actor)
    except RefusedLinesError as error:
        return error.by_line
    return {}


def invite_newcomers(
    newcomers: Mapping[int, Newcomer], prepared: Sequence[Prepared], *, actor: Actor
) -> list[tuple[User, Secret]]:
    """Invite everybody, in the order of lines; ``prepared`` holds one for each.

    Raises :class:`RefusedLinesError` when any line is refused; the caller then takes everything back.
    """
    refused, made = dict[int, RuleError](), list[tuple[User, Secret]]()
    for (number, one), ready in zip(newcomers.items(), prepared, strict=True):
        try:
            made.append(invite_user(one, prepared=ready, actor=actor))
        except RuleError as error:
            refused[number] = error
    if refused:
        raise RefusedLinesError(refused)
    return made
