"""Users, from the command line."""

from __future__ import annotations

import click

from tracker.cli.context import in_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Permission, Role
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import all_users, user_by_name
from tracker.features.accounts.services import (
    add_user,
    end_sign_ins,
    grant_role,
    reset_password,
    unlock_user,
)
from tracker.features.org.queries import get_unit


@click.group()
def users() -> None:
    """Add, list, unlock and sign out users, and reset passwords."""


@users.command("add")
@click.argument("username")
@click.option("--label", required=True, help="What the user is called on pages: a role at a unit.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="Code of the unit at which the role is held.")
@click.password_option(help="Asked for when it is not given.")
@in_house
def add(username: str, label: str, role: str, unit: str, password: str) -> None:
    """Add a user with one role at one unit."""
    with writing():
        place = get_unit(WHOLE_HOUSE, Permission.SEE_PROGRESS, unit)
        user = add_user(username, label, password, must_change=True, actor=HOUSE)
        grant_role(user, Role(role), place, actor=HOUSE)
        db.session.commit()
    click.echo(
        f"已添加用户 {user.username}，首次登录须修改密码。"
        f"User {user.username} was added and changes the password at the first sign-in."
    )


@users.command("list")
@in_house
def list_() -> None:
    """List users with their roles."""
    for user in all_users():
        held = ", ".join(f"{grant.role} @ {grant.unit.code}" for grant in user.grants)
        click.echo(f"{user.username}\t{user.label}\t{held}")


@users.command("reset-password")
@click.argument("username")
@click.password_option(help="Asked for when it is not given.")
@in_house
def reset(username: str, password: str) -> None:
    """Set a new password, to be changed at the next sign-in, and end the user's open sessions."""
    with writing():
        reset_password(_user(username), password, actor=HOUSE)
        db.session.commit()
    click.echo("密码已更新，已登录的会话已结束。The password is set; open sessions have ended.")


@users.command("unlock")
@click.argument("username")
@in_house
def unlock(username: str) -> None:
    """Let a user whose account is locked sign in again at once."""
    with writing():
        was_locked = unlock_user(_user(username), actor=HOUSE)
        db.session.commit()
    click.echo(
        "已解除锁定。The account is unlocked."
        if was_locked
        else "该账号没有锁定，错误次数已清零。The account was not locked; wrong passwords count from 0 again."
    )


@users.command("sign-out")
@click.argument("username")
@in_house
def sign_out(username: str) -> None:
    """End all open sessions of a user."""
    with writing():
        user = _user(username)
        count = end_sign_ins(user, actor=HOUSE)
        db.session.commit()
    click.echo(f"已结束 {count} 个会话。{count} sessions were ended.")


def _user(username: str) -> User:
    user = user_by_name(username)
    if user is None:
        raise click.ClickException(f"没有用户 {username}。There is no user {username}.")
    return user
