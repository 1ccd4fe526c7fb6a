"""Users, from the command line."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.context import Day, in_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.hosts import site_address
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.holdings import Term
from tracker.domain.one_time_codes import group_code
from tracker.domain.roles import Permission, Role
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import all_users, user_by_name
from tracker.features.accounts.services import (
    add_user,
    end_sign_ins,
    grant_role,
    judge_password,
    reset_password,
    unlock_user,
)
from tracker.features.org.queries import get_unit
from tracker.features.people.services import (
    Newcomer,
    add_grant,
    disable_user,
    enable_user,
    invite_user,
    prepare_invitations,
    remove_grant,
)


@click.group()
def users() -> None:
    """Add, invite, list, unlock and sign out users, give and take roles, and reset passwords."""


@users.command("add")
@click.argument("username")
@click.option("--label", required=True, help="What the user is called on pages: a role at a unit.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="Code of the unit at which the role is held.")
@click.password_option(help="Asked for when it is not given.")
@in_house
def add(username: str, label: str, role: str, unit: str, password: str) -> None:
    """Add a user with one role at one unit."""
    good = judge_password(username, password)
    with writing():
        place = get_unit(WHOLE_HOUSE, Permission.SEE_PROGRESS, unit)
        user = add_user(username, label, good, must_change=True, actor=HOUSE)
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
    good = judge_password(_known(username).username, password)
    with writing():
        reset_password(_known(username), good, actor=HOUSE)
        db.session.commit()
    click.echo("密码已更新，已登录的会话已结束。The password is set; open sessions have ended.")


@users.command("invite")
@click.argument("username")
@click.option("--label", required=True, help="What the user is called on pages: a role at a unit.")
@click.option("--label-en", default=None, help="The same in English.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="Code of the unit at which the role is held.")
@in_house
def invite(username: str, label: str, label_en: str | None, role: str, unit: str) -> None:
    """Add a user without a password; print the one-time link and code, which are kept nowhere."""
    (prepared,) = prepare_invitations(1)
    with writing():
        place = get_unit(WHOLE_HOUSE, Permission.MANAGE_USERS, unit)
        newcomer = Newcomer(username, label, label_en, Role(role), place)
        user, secret = invite_user(newcomer, prepared=prepared, actor=HOUSE)
        db.session.commit()
    click.echo(f"已邀请用户 {user.username}。User {user.username} is invited.")
    click.echo(f"链接 link: {site_address()}/welcome/{secret.token}")
    if not site_address():
        click.echo(
            "请在链接前加上本系统的访问地址，例如 http://192.168.1.20:8765；在设置 SITE_ADDRESS 中写明后，"
            "将显示完整链接。\nPut the address of this site before the link, such as "
            "http://192.168.1.20:8765; with the setting SITE_ADDRESS the whole link is printed."
        )
    click.echo(f"验证码 code: {group_code(secret.code)}")
    click.echo(f"有效期至 valid until: {secret.expires_at:%Y-%m-%d %H:%M} UTC")


@users.command("disable")
@click.argument("username")
@click.option("--reason", required=True, help="Kept in the history of the user.")
@in_house
def disable(username: str, reason: str) -> None:
    """Switch a user off and end the user's open sessions."""
    with writing():
        user = _known(username)
        disable_user(user, reason, version=user.version, actor=HOUSE)
        db.session.commit()
    click.echo(f"用户 {user.username} 已停用。User {user.username} is disabled.")


@users.command("enable")
@click.argument("username")
@click.option("--reason", required=True, help="Kept in the history of the user.")
@in_house
def enable(username: str, reason: str) -> None:
    """Switch a user on again, with the roles that still hold."""
    with writing():
        user = _known(username)
        enable_user(user, reason, version=user.version, actor=HOUSE)
        db.session.commit()
    click.echo(f"用户 {user.username} 已启用。User {user.username} is enabled.")


@users.command("grant")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="Code of the unit at which the role is held.")
@click.option("--first-day", type=Day(), default=None, help="From this day on; without it, at once.")
@click.option("--last-day", type=Day(), default=None, help="Up to this day; without it, for good.")
@in_house
def grant(username: str, role: str, unit: str, first_day: date | None, last_day: date | None) -> None:
    """Give a user a role at a unit and everything below it."""
    with writing():
        user = _known(username)
        place = get_unit(WHOLE_HOUSE, Permission.MANAGE_USERS, unit)
        term = Term(first_day, last_day)
        add_grant(user, Role(role), place, term, version=user.version, actor=HOUSE)
        db.session.commit()
    click.echo(f"已授予角色 {role} @ {unit}。The role {role} @ {unit} is given.")


@users.command("revoke")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="Code of the unit at which the role is held.")
@in_house
def revoke(username: str, role: str, unit: str) -> None:
    """Take a role away from a user at once."""
    with writing():
        user = _known(username)
        held = [one for one in user.grants if one.role == role and one.unit.code == unit]
        remove_grant(user, held[0].id if held else 0, version=user.version, actor=HOUSE)
        db.session.commit()
    click.echo(f"已撤销角色 {role} @ {unit}。The role {role} @ {unit} is taken away.")


@users.command("unlock")
@click.argument("username")
@in_house
def unlock(username: str) -> None:
    """Let a user whose account is locked sign in again at once."""
    with writing():
        was_locked = unlock_user(_known(username), actor=HOUSE)
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
        user = _known(username)
        count = end_sign_ins(user, actor=HOUSE)
        db.session.commit()
    click.echo(f"已结束 {count} 个会话。{count} sessions were ended.")


def _known(username: str) -> User:
    user = user_by_name(username)
    if user is None:
        raise NotFoundError(N_("There is no user %(name)s."), name=username)
    return user
