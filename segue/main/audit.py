"""The command `segue audit`: whatever breaks an invariant. Reads only, also while a process works."""

import os
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
    from segue.store.audit import Terms, Violation
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
    from segue.settings import audit_terms
    from segue.store.audit import RULES
    from segue.store.reading import count_orders

    if order is not None and since_last:
        raise Failed("Either --order or --since-last: both say what to look at.", WRONG_USE)
    connection = connection_to(shop)
    id = None if order is None else found_order(connection, order).id
    terms = audit_terms(connection, folder_of(shop))
    began = time.perf_counter()
    violations, orders = _look(connection, folder_of(shop), terms, id, since_last)
    seconds = round(time.perf_counter() - began, 3)
    orders = count_orders(connection) if orders is None else orders
    rules = [rule for rule in RULES if id is None or not all(check.whole for check in rule.checks)]
    if json:
        sentences = [{"id": rule.id, "sentence": rule.sentence} for rule in rules]
        print_json({"orders": orders, "seconds": seconds, "rules": sentences, "violations": violations})
    elif violations:
        table(
            ("rule", "what should hold", "about", "what is"),
            [(v.id, v.sentence, v.offender, v.detail) for v in violations],
        )
        say(f"{count(len(violations), 'violation')} found.")
    elif since_last and not orders:
        say("Nothing has happened to any order since the last such audit; `segue audit` looks at all of them.")
    else:
        say(f"All is well: {count(len(rules), 'invariant')} checked in {count(orders, 'order')}, nothing breaks any.")
    return FOUND if violations else DONE


def _look(
    connection: "Connection", folder: Path, terms: "Terms", id: str | None, since_last: bool
) -> tuple[list["Violation"], int | None]:
    """What was found, and in how many orders; none if it was all of them."""
    from segue.store.audit import audit as look
    from segue.store.audit_parts import audit_in_parts
    from segue.store.audit_since import MARK_FILE, audit_since
    from segue.store.database import DATABASE_FILE

    if since_last:
        since = audit_since(connection, folder / MARK_FILE, terms)
        return since.violations, since.orders
    if id is not None:
        return look(connection, [id], terms), 1
    return audit_in_parts(connection, folder / DATABASE_FILE, terms, os.cpu_count() or 1), None
