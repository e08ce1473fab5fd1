"""Writers beside each other, each with a connection of its own, whatever isolation the server's owner has chosen.

What must not depend on luck is made to happen: a third connection holds a row until all writers wait for it or for each
other.
"""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from segue.core.facts import StockMove
from segue.core.tasks import Task
from segue.ports import Batch, Handled, OutOfStock, Settled, StaleMessage, StaleOrder, StaleTask, Unwritable
from segue.store.shelf import Count
from tests.store.shops import (
    NOW,
    PostgresShop,
    a_message,
    a_step,
    a_task,
    an_invoice,
    an_order,
    free,
    order_in,
    rows,
    stepped,
)
from tests.store.writers import WRITERS, Shops, committing, kinds

NUMBER_OF_INVOICES = "document_numbers WHERE kind = 'invoice'"
STOCK_OF_A, ORDER_1, TASK_1 = "stock WHERE sku = 'A'", "orders WHERE id = 'web-1'", "tasks WHERE id = 'T-1'"
NOT_ADDED_UP = """
    SELECT sku, location FROM stock
    WHERE (on_hand, allocated) <> (
        SELECT coalesce(sum(on_hand), 0), coalesce(sum(allocated), 0) FROM stock_moves
        WHERE stock_moves.sku = stock.sku AND stock_moves.location = stock.location)"""


def taking(count: int, sku: str = "A") -> tuple[StockMove, ...]:
    return (StockMove(sku, "BER", 0, count, "allocated"),)


def test_the_last_units_are_sold_once(shops: Shops) -> None:
    first, second, *_ = shops.each
    results = shops.at_once(
        STOCK_OF_A,
        committing(first, a_step(an_order("web-1"), moves=taking(6))),
        committing(second, a_step(an_order("web-2"), moves=taking(6))),
    )
    assert kinds(results) == [OutOfStock.__name__, "list"]
    assert free(first)["BER"] == 4
    assert len(rows(first, "SELECT id FROM orders")) == 1


def test_an_order_that_two_take_in_is_taken_in_once(shops: Shops) -> None:
    step = a_step(an_order(), moves=taking(1), tasks=(a_task(),))
    results = shops.at_once(STOCK_OF_A, *(committing(shop, step) for shop in shops.each))
    assert kinds(results) == [StaleOrder.__name__] * 3 + ["list"]
    assert rows(shops.each[0], "SELECT count(*) FROM steps") == [(1,)]
    assert free(shops.each[0])["BER"] == 9


def test_of_two_steps_of_one_order_one_is_stale(shops: Shops) -> None:
    stepped(shops.each[0], a_step(an_order()))
    steps = [a_step(an_order(version=3 + n), 2, moves=taking(1)) for n in range(2)]
    results = shops.at_once(ORDER_1, *(committing(shops.each[n], step) for n, step in enumerate(steps)))
    assert kinds(results) == [StaleOrder.__name__, "list"]
    winner = next(n for n, result in enumerate(results) if result == [])
    assert order_in(shops.each[0]) == steps[winner].order
    assert free(shops.each[0])["BER"] == 9


def test_batches_that_name_their_orders_and_stock_the_other_way_round_do_not_wait_in_a_ring(shops: Shops) -> None:
    one, two = (a_step(an_order(f"web-{n}")) for n in (1, 2))
    stepped(shops.each[0], one, two)
    forth = [a_step(an_order(f"web-{n}", version=3), 2, moves=taking(1, sku)) for n, sku in ((1, "A"), (2, "B"))]
    back = [a_step(an_order(f"web-{n}", version=3), 2, moves=taking(1, sku)) for n, sku in ((2, "A"), (1, "B"))]
    results = shops.at_once(ORDER_1, committing(shops.each[0], *forth), committing(shops.each[1], *back))
    assert kinds(results) == [StaleOrder.__name__, "list"]


def test_a_unit_that_is_found_broken_and_what_is_sent_instead_do_not_make_writers_wait_in_a_ring(shops: Shops) -> None:
    broken = (StockMove("A", "BER", 0, 0, "short_pick_broken", damaged=1), *taking(1, "B"))
    results = shops.at_once(
        "stock WHERE sku = 'B'",
        committing(shops.each[0], a_step(an_order("web-1"), moves=broken)),
        committing(shops.each[1], a_step(an_order("web-2"), moves=(*taking(1), *taking(1, "B")))),
    )
    assert kinds(results) == ["list", "list"]
    assert free(shops.each[0])["BER"] == 8
    assert rows(shops.each[0], "SELECT allocated FROM stock WHERE sku = 'B'") == [(2,)]


def test_orders_that_wake_each_other_do_not_wait_in_a_ring(shops: Shops) -> None:
    watching = {"A": "web-2", "B": "web-1"}
    for sku, id in watching.items():
        stepped(shops.each[0], a_step(an_order(id), moves=taking(2, sku), watches=frozenset((f"stock:{sku}",))))
    freeing = [
        a_step(an_order(id, version=3), 2, moves=taking(-1, sku), watches=frozenset((f"stock:{other}",)))
        for id, sku, other in (("web-1", "A", "B"), ("web-2", "B", "A"))
    ]
    results = shops.at_once(ORDER_1, *(committing(shops.each[n], step) for n, step in enumerate(freeing)))
    assert results == [[], []]
    assert set(shops.each[0].store.due(NOW, 10).wakes) == {"web-1", "web-2"}


def test_documents_that_several_writers_issue_at_once_are_numbered_without_a_gap(shops: Shops) -> None:
    stepped(shops.each[0], a_step(an_order("web-0"), **an_invoice(order="web-0")))
    steps = [a_step(an_order(f"web-{n}"), **an_invoice(order=f"web-{n}")) for n in range(1, WRITERS + 1)]
    again = a_step(an_order("web-9"), **an_invoice(order="web-0"))  # a document that is here already
    works = [committing(shop, step) for shop, step in zip(shops.each, steps, strict=True)]
    works[1] = committing(shops.each[1], steps[1], again)  # it takes two numbers, and is rolled back
    results = shops.at_once(NUMBER_OF_INVOICES, *works)
    assert kinds(results) == [Unwritable.__name__, *["list"] * 3]
    assert rows(shops.each[0], "SELECT number FROM documents ORDER BY number") == [(n,) for n in range(1, WRITERS + 1)]
    assert rows(shops.each[0], "SELECT last FROM document_numbers") == [(WRITERS,)]


def test_what_one_worker_is_claiming_another_does_not_claim_nor_wait_for(shops: Shops) -> None:
    stepped(shops.each[0], a_step(an_order(), tasks=tuple(a_task(f"T-{n}") for n in range(6))))
    claim = Batch(NOW, claim={"gateway": 5})
    with psycopg.connect(shops.cluster.conninfo(shops.database)) as holder:
        holder.execute("SELECT 1 FROM tasks WHERE id < 'T-4' FOR UPDATE")
        assert [task.id for task in shops.each[0].store.commit(claim)] == ["T-4", "T-5"]
    assert [task.id for task in shops.each[1].store.commit(claim)] == ["T-0", "T-1", "T-2", "T-3"]


def test_workers_that_claim_all_day_share_the_tasks_out(shops: Shops) -> None:
    names = {f"T-{n}" for n in range(60)}
    stepped(shops.each[0], a_step(an_order(), tasks=tuple(a_task(name) for name in sorted(names))))

    def claim_all(shop: PostgresShop) -> list[Task]:
        claimed: list[Task] = []
        while len(rows(shop, "SELECT 1 FROM tasks WHERE state = 'ready'")):
            try:
                claimed += shop.store.commit(Batch(NOW, claim={"gateway": 7}))
            except StaleOrder:
                continue  # it had to give way too often; nothing was claimed
        return claimed

    with ThreadPoolExecutor(WRITERS) as pool:
        claimed = [task for tasks in pool.map(claim_all, shops.each) for task in tasks]
    assert sorted(task.id for task in claimed) == sorted(names)
    assert {task.attempt for task in claimed} == {1}


def test_a_zombie_settles_nothing_while_who_holds_the_claim_does(shops: Shops) -> None:
    zombie, worker, *_ = shops.each
    stepped(zombie, a_step(an_order(), tasks=(a_task(),)), claim={"gateway": 1}, lease_s=60)
    assert [task.attempt for task in worker.store.commit(Batch(NOW + 60, claim={"gateway": 1}))] == [2]
    late, right = (Settled("web-1", "T-1", attempt, "done", detail=f"attempt {attempt}") for attempt in (1, 2))
    results = shops.at_once(
        TASK_1,
        committing(zombie, a_step(an_order(version=3, tags=("zombie",)), 2), settled=(late,)),
        committing(worker, a_step(an_order(version=3, tags=("worker",)), 2), settled=(right,)),
    )
    (stale, done) = results
    assert isinstance(stale, StaleTask)
    assert stale.ids == {"T-1"}
    assert done == []
    assert order_in(worker) == an_order(version=3, tags=("worker",))
    assert rows(worker, "SELECT state, detail FROM tasks") == [("done", "attempt 2")]


def test_one_answer_given_twice_at_once_counts_once(shops: Shops) -> None:
    stepped(shops.each[0], a_step(an_order(), tasks=(a_task(),)), claim={"gateway": 1})
    settled = (Settled("web-1", "T-1", 1, "done"),)
    results = shops.at_once(TASK_1, *(committing(shop, settled=settled) for shop in shops.each))
    assert kinds(results) == [StaleTask.__name__] * 3 + ["list"]


def test_a_message_that_two_receive_at_once_is_kept_once(shops: Shops) -> None:
    received = (a_message("M-1"), a_message("M-2"))
    step = a_step(an_order(), moves=taking(1))
    other = a_step(an_order("web-2"), moves=taking(1))
    results = shops.at_once(
        STOCK_OF_A,
        committing(shops.each[0], step, received=received),
        committing(shops.each[1], other, received=(a_message("M-2", body={"other": 1}), a_message("M-3"))),
    )
    assert results == [[], []]
    found = rows(shops.each[0], "SELECT id, state FROM inbox ORDER BY id")
    assert [(id.split(" altered")[0], state) for id, state in found] == [
        ("M-1", "new"), ("M-2", "new"), ("M-2", "parked"), ("M-3", "new"),
    ]  # fmt: skip


def test_a_message_that_two_handle_at_once_is_handled_once(shops: Shops) -> None:
    stepped(shops.each[0], received=(a_message(),))
    handled = (Handled("warehouse", "M-1", "done"),)
    results = shops.at_once(
        "inbox WHERE id = 'M-1'",
        *(committing(shop, a_step(an_order(f"web-{n}")), handled=handled) for n, shop in enumerate(shops.each)),
    )
    assert kinds(results) == [StaleMessage.__name__] * 3 + ["list"]
    assert len(rows(shops.each[0], "SELECT id FROM orders")) == 1


def test_counts_and_receipts_at_once_are_all_kept_and_add_up(shops: Shops) -> None:
    first, second, third, fourth = shops.each
    results = shops.at_once(
        STOCK_OF_A,
        lambda: first.shelf.count_stock([Count("A", "BER", 20), Count("C", "BER", 5)], NOW),
        lambda: second.shelf.count_stock([Count("C", "BER", 7), Count("A", "BER", 30)], NOW),
        lambda: third.shelf.receive_stock([StockMove("A", "BER", 1, 0, "received")], NOW),
        lambda: stepped(fourth, a_step(an_order(), moves=taking(1))),
    )
    assert not [result for result in results if isinstance(result, BaseException)]
    assert rows(first, NOT_ADDED_UP) == []
    assert len(rows(first, "SELECT DISTINCT version FROM stock_moves WHERE order_id = ''")) == 4


def test_shoppers_in_a_hurry_buy_what_there_is_and_no_more(shops: Shops) -> None:
    def shop_until_it_is_gone(number: int) -> int:
        shop, bought = shops.each[number], 0
        for turn in range(40):
            skus = ("A", "B") if (turn + number) % 2 else ("B", "A")
            moves = tuple(move for sku in skus for move in taking(1, sku))
            try:
                stepped(shop, a_step(an_order(f"web-{number}-{turn}"), moves=moves))
                bought += 1
            except OutOfStock:
                return bought
            except StaleOrder:
                continue  # it had to give way too often; nothing was bought
        return bought

    with ThreadPoolExecutor(WRITERS) as pool:
        bought = sum(pool.map(shop_until_it_is_gone, range(WRITERS)))
    first = shops.each[0]
    assert bought == 10
    assert (free(first), free(first, "B")) == ({"BER": 0}, {"BER": 0})
    assert rows(first, "SELECT count(*) FROM orders") == [(10,)]
    assert rows(first, NOT_ADDED_UP) == []
