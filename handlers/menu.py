"""The menu of commands, for channels that show one."""

from __future__ import annotations

from handlers.router import ROUTES
from handlers.wording_menu import COMMANDS, IN_GROUPS


def menu(*, group: bool = False) -> list[tuple[str, str]]:
    """Commands without their slash, each with what it does; in a group only those that are for all to see.

    What only administrators may do is left out: everybody sees the same menu.
    """
    shown = [name for name in COMMANDS if f"/{name}" in ROUTES]
    return [(name, COMMANDS[name]) for name in shown if name in IN_GROUPS or not group]
