"""The command `segue audit`: whatever breaks an invariant. Reads only, also while a process works."""

from typing import Annotated

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, found_order


def audit(
    *,
    order: Annotated[str | None, Parameter(help="Only this order.")] = None,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Look for whatever breaks an invariant."""
    from segue.store.audit import RULES
    from segue.store.audit import audit as look

    connection = connection_to(shop)
    id = None if order is None else found_order(connection, order).id
    violations = look(connection, None if id is None else [id])
    if json:
        rules = [{"id": rule.id, "sentence": rule.sentence} for rule in RULES if id is None or not rule.whole]
        print_json({"rules": rules, "violations": violations})
    elif violations:
        table(
            ("rule", "what should hold", "about", "what is"),
            [(v.id, v.sentence, v.offender, v.detail) for v in violations],
        )
        say(f"{count(len(violations), 'violation')} found.")
    else:
        checked = sum(id is None or not rule.whole for rule in RULES)
        say(f"All is well: {count(checked, 'invariant')} checked, nothing breaks any.")
    return FOUND if violations else DONE
