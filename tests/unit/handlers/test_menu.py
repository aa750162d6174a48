"""The menu of commands."""

import re

from handlers.menu import menu
from handlers.router import ROUTES


def test_every_command_of_the_menu_exists_and_is_explained() -> None:
    assert {f"/{name}" for name, _ in menu()} <= set(ROUTES)
    assert all(re.search("[一-鿿]", told) for _, told in menu())


def test_a_group_sees_nothing_personal_and_nobody_sees_what_administrators_do() -> None:
    assert [name for name, _ in menu(group=True)] == ["start", "help", "new"]
    assert not {"invite", "people"} & {name for name, _ in menu()}
