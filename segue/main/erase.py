"""The command `segue erase`: a person's data, for good."""

from typing import Annotated

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.output import print_json, say
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, found_order
from segue.main.wanted import Erase
from segue.store.reading import Finder


def erase(
    person: Annotated[str, Parameter(name="PERSON", help="The person's id, as `segue order` shows it.")] = "",
    /,
    *,
    order: Annotated[str, Parameter(help="The person who placed this order.")] = "",
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Erase a person's data for good: name, addresses, e-mail, telephone. Orders and their figures stay."""
    if bool(person) == bool(order):
        raise Failed("Name the person by their id, or by --order: one of the two.", WRONG_USE)
    if order:
        connection = connection_to(shop)
        known = Finder(connection).order(found_order(connection, order).id)
        person = known.person if known else ""
        if not person:
            raise Failed(f"{order} has no person.")
    result = ask(shop, Erase(person))
    if json:
        print_json(result)
    else:
        say(
            f"{person} is erased."
            if result["erased"]
            else f"Nothing is known of {person}; what could name them is cleared."
        )
    return DONE if result["erased"] else FOUND
