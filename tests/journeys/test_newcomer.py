"""Somebody new: invited by the administrator, welcomed with a slip, signed in, moved on, switched off."""

from __future__ import annotations

from tests.kit.house import House

NAME = "/people/users/anning2"
PASSWORD = "Three quiet rivers 7"


def test_from_the_invitation_to_the_first_report_and_the_last_day(story: House) -> None:
    administrator, newcomer = story.visitor("guanli"), story.visitor()

    # The administrator finds the place from the first page, and invites.
    page = administrator.get("/units").page
    assert "/people" in {link["href"] for link in page.root.all("a")}
    form = administrator.get("/people/invite").page.form("")
    sent = {"label": "安宁社区填报员二", "username": "Anning2", "role": "reporter", "unit": "LC03"}
    slip = administrator.submit(form, sent, at="/people/invite", status=200).page
    facts = slip.root.one("dl", class_="slip__facts")
    address, username, code = (fact.text for fact in facts.all("dd", class_="slip__type"))
    assert address == "http://localhost/welcome"
    assert "Invited" in administrator.get("/people?state=invited").page.root.one("table").text

    # The newcomer types what stands on the slip, and has a password that only they know.
    form = newcomer.get("/welcome").page.form("/welcome")
    sent = {"username": username, "code": code, "password": PASSWORD, "again": PASSWORD}
    page = newcomer.follow(newcomer.submit(form, sent)).page
    assert "Your password is set" in page.messages
    newcomer.submit(page.form(""), {"username": "anning2", "password": PASSWORD}, at="/sign-in")
    page = newcomer.get("/reports").page
    assert page.heading == "My reports"
    assert "Anning" in page.root.one("main").text
    newcomer.get("/reports/LC-2022/LC07/2022-06", status=404)

    # From now on with the password; the administrator's page knows it as active.
    newcomer.sign_out()
    form = newcomer.get("/sign-in").page.form("")
    newcomer.submit(form, {"username": "anning2", "password": PASSWORD}, at="/sign-in")
    newcomer.get("/reports")
    assert "Active" in administrator.get(NAME).page.root.one("main").text

    # Another role signs the newcomer out; with it, there is more to see.
    form = administrator.get(NAME).page.form(f"{NAME}/grants")
    administrator.submit(form, {"role": "official", "unit": "LC"})
    newcomer.get("/reports", status=303)
    form = newcomer.get("/sign-in").page.form("")
    newcomer.submit(form, {"username": "anning2", "password": PASSWORD}, at="/sign-in")
    newcomer.get("/overview?unit=LC07")
    assert "Licun" in newcomer.get("/my-rights").page.root.one("main").text

    # Switched off, the newcomer is out at once; the history tells it all.
    administrator.submit(
        administrator.get(NAME).page.form(f"{NAME}/disable"), {"reason": "The post has moved."}
    )
    newcomer.get("/reports", status=303)
    form = newcomer.get("/sign-in").page.form("")
    newcomer.submit(form, {"username": "anning2", "password": PASSWORD}, at="/sign-in", status=422)
    history = administrator.get(NAME).page.root.one("ol", class_="history").text
    for step in ("User added", "One-time code made", "Password chosen by the user", "Role given", "Disabled"):
        assert step in history
    assert "The post has moved." in history
