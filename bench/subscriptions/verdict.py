"""The verdict: what is there against what has to be, order by order and charge by charge."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TextIO

from bench.subscriptions.count import expected
from bench.subscriptions.life import Life, start_of, troubles
from bench.subscriptions.people import customers
from segue.engine.unfolding import strayed
from segue.store.subscription_list import subscription_stories


class Verdict(NamedTuple):
    """What came of it."""

    subscriptions: int
    troubles: Counter[str]
    deaths: int
    expected: int
    orders: int
    extra: int
    missing: int
    charges: int
    extra_charges: int
    missing_charges: int
    wrong_amounts: int
    strayed: int
    violations: int
    seconds: float
    cpu_seconds: float

    @property
    def is_exact(self) -> bool:
        """Whether nothing is extra, missing or wrong."""
        wrong = (self.extra, self.missing, self.extra_charges, self.missing_charges, self.wrong_amounts)
        return not any((*wrong, self.strayed, self.violations))

    def rows(self) -> Iterator[tuple[str, str]]:
        """As people read it."""
        yield "subscriptions", f"{self.subscriptions:,}"
        yield "down-times, jumps ahead, back", ", ".join(f"{self.troubles[each]}" for each in ("down", "ahead", "back"))
        yield "processes killed", f"{self.deaths:,}"
        yield "orders that have to be", f"{self.expected:,}"
        yield "orders", f"{self.orders:,} ({self.extra} extra, {self.missing} missing)"
        yield "charges", f"{self.charges:,} ({self.extra_charges} extra, {self.missing_charges} missing)"
        yield "charges of a wrong amount", f"{self.wrong_amounts}"
        yield "subscriptions not as on record", f"{self.strayed}"
        yield "violations found by the audit", f"{self.violations}"
        yield "seconds of work", f"{self.seconds:.0f} ({self.orders / self.seconds:,.0f} orders/s)"
        yield "of them CPU", f"{self.cpu_seconds:.0f} ({self.orders / self.cpu_seconds:,.0f} orders/s)"


def judged(
    folder: Path, number: int, years: int, seed: int, in_memory: bool = True, progress: TextIO | None = None
) -> Verdict:
    """Let a shop live, and count."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    people, (start_s, until_s) = customers(number, seed), start_of(years)
    life, wrongs = Life(folder, start_s, seed, in_memory), troubles(start_s, until_s, seed)
    life.begin(people)
    reader = life.database.reader()

    def say(at_s: int) -> None:
        if progress:
            (orders,) = reader.execute("SELECT count(*) FROM orders").fetchone()
            print(_so_far(at_s, orders, begin, begin_cpu), file=progress, flush=True)

    gaps = life.live(until_s, wrongs, say)
    seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - begin_cpu
    say(until_s)
    due = expected(people, gaps, until_s)
    names = [name for (name,) in reader.execute("SELECT channel_order_id FROM orders")]
    totals = dict(reader.execute("SELECT id, total_minor FROM orders"))
    assert len(names) == len(set(names)), "a database in which an order is twice is none of ours"
    taken = [row for row in life.world.gateway.ledger() if row.operation == "capture"]
    charged, paid = Counter(row.reference.rpartition("/")[0] for row in taken), {f"canonical-{name}" for name in due}
    return Verdict(
        subscriptions=number,
        troubles=Counter(each.what for each in wrongs),
        deaths=life.mortal.deaths if life.mortal else 0,
        expected=len(due),
        orders=len(names),
        extra=len(set(names) - due),
        missing=len(due - set(names)),
        charges=len(taken),
        extra_charges=sum(times - 1 for times in charged.values()) + len(charged.keys() - paid),
        missing_charges=len(paid - charged.keys()),
        wrong_amounts=sum(row.amount_minor != totals.get(row.reference.rpartition("/")[0]) for row in taken),
        strayed=len(strayed(subscription_stories(reader))),
        violations=len(life.app.audit()),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
    )


def _so_far(at_s: int, orders: int, begin: float, begin_cpu: float) -> str:
    spent, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    return f"{datetime.fromtimestamp(at_s, UTC).date()}: {orders:,} orders in {spent:,.0f} s ({cpu:,.0f} s of CPU)"
