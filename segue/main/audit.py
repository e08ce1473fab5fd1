"""The command `segue audit`: whatever breaks an invariant. Reads only, also while a process works."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, folder_of, found_order

if TYPE_CHECKING:
    from segue.store.audit import Violation
    from segue.store.database import Connection


def audit(
    *,
    order: Annotated[str | None, Parameter(help="Only this order.")] = None,
    since_last: Annotated[
        bool, Parameter(negative=(), help="Only what changed since the last such audit that found nothing.")
    ] = False,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Look for whatever breaks an invariant."""
    from segue.store.audit import RULES
    from segue.store.reading import count_orders

    if order is not None and since_last:
        raise Failed("Either --order or --since-last: both say what to look at.", WRONG_USE)
    connection = connection_to(shop)
    id = None if order is None else found_order(connection, order).id
    began = time.monotonic()
    violations, orders = _look(connection, folder_of(shop), id, since_last)
    orders = count_orders(connection) if orders is None else orders
    rules = [rule for rule in RULES if id is None or not all(check.whole for check in rule.checks)]
    if json:
        print_json(
            {
                "orders": orders,
                "seconds": round(time.monotonic() - began, 3),
                "rules": [{"id": rule.id, "sentence": rule.sentence} for rule in rules],
                "violations": violations,
            }
        )
    elif violations:
        table(
            ("rule", "what should hold", "about", "what is"),
            [(v.id, v.sentence, v.offender, v.detail) for v in violations],
        )
        say(f"{count(len(violations), 'violation')} found.")
    else:
        say(f"All is well: {count(len(rules), 'invariant')} checked in {count(orders, 'order')}, nothing breaks any.")
    return FOUND if violations else DONE


def _look(
    connection: "Connection", folder: Path, id: str | None, since_last: bool
) -> tuple[list["Violation"], int | None]:
    """What was found, and in how many orders; none if it was all of them."""
    from segue.settings import audit_terms
    from segue.store.audit import audit as look
    from segue.store.audit_since import MARK_FILE, audit_since

    terms = audit_terms(connection, folder)
    if since_last:
        since = audit_since(connection, folder / MARK_FILE, terms)
        return since.violations, since.orders
    if id is not None:
        return look(connection, [id], terms), 1
    return look(connection, terms=terms), None
