"""The command `segue replay`: make orders anew of what is on record. Reads only, also while a process works."""

from typing import Annotated

from cyclopts import Parameter

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.progress import Bar
from segue.main.shops import connection_to, found_order


def replay(
    *,
    verify: Annotated[
        bool, Parameter(negative=(), help="Compare each order with what its record makes, byte for byte.")
    ] = False,
    order: Annotated[str | None, Parameter(help="Only this order.")] = None,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Make orders and subscriptions anew of what is on record of them."""
    from segue.engine.replay import deviation_of
    from segue.engine.unfolding import strayed
    from segue.store.reading import count_orders, stories
    from segue.store.subscription_list import subscription_stories

    if not verify:
        raise Failed("Say what to do with it: `segue replay --verify` compares each order with its record.", WRONG_USE)
    connection = connection_to(shop)
    id = None if order is None else found_order(connection, order).id
    deviations, done = [], 0
    connection.execute("BEGIN")
    with Bar("Orders replayed", "orders", 1 if id else count_orders(connection), quiet=json) as bar:
        for done, story in enumerate(stories(connection, id), 1):
            if deviation := deviation_of(story):
                deviations.append(deviation)
            bar.show(done)
    if id is None:
        deviations += strayed(subscription_stories(connection))
    if json:
        print_json({"orders": done, "deviations": deviations})
    elif deviations:
        table(("rule", "order", "what differs first"), [(each.id, each.order, each.detail) for each in deviations])
        say(f"{count(len(deviations), 'order')} of {done:,} differ from what is on record of them.")
    else:
        say(f"All is well: {count(done, 'order')} replayed, each is what its record says, byte for byte.")
    return FOUND if deviations else DONE
