"""The outline: what those who only look need of a shop's files, as it was when the shop was last opened.

So they see what the shop runs by, and need not read the files and compile its workflows each time.
"""

import sqlite3

from msgspec import json

from segue.core.base import Value
from segue.core.bundles import Recipes
from segue.core.facts import Location
from segue.core.means import Means

OUTLINE = "outline"  # in the table meta
FIND = "SELECT value FROM meta WHERE name = ?"


class Declared(Value):
    """What the shop's workflows say about a folder: all its owners, and the shortest time limit."""

    owners: tuple[str, ...] = ()
    within_s: int | None = None


class Outline(Value):
    """Of a shop's files what commands that only look need."""

    time_zone: str = "UTC"
    is_virtual: bool = True  # its clock
    locations: dict[str, Location] = {}
    shipping_methods: tuple[str, ...] = ()
    folders: dict[str, Declared] = {}
    policy_modules: tuple[str, ...] = ()
    name: str = ""
    means: dict[str, Means] = {}
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    recipes: Recipes = {}  # of its bundles


def encoded(outline: Outline) -> str:
    """The outline as it is kept."""
    return json.encode(outline).decode()


def outline_of(connection: sqlite3.Connection) -> Outline:
    """The outline of this shop."""
    row = connection.execute(FIND, (OUTLINE,)).fetchone()
    return json.decode(row[0], type=Outline) if row else Outline()
