"""One taking of stock: reports or moves, decided together with what orders give back for them, and written at once."""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.calendar import DAY_S
from segue.core.deallocate import Deallocate, set_aside
from segue.core.facts import StockMove
from segue.core.stocktaking import (
    UNDATED,
    UNITS_MAX,
    Change,
    Counter,
    Report,
    after,
    change_of,
    kept_back,
    latest_snapshot,
    objection,
    superseded,
    verdict,
)
from segue.engine.cascading import Cascade, Cascading
from segue.engine.outcomes import Request, Result
from segue.engine.rules import Rules
from segue.engine.wave import Working
from segue.ports import (
    Batch,
    CartChange,
    Filed,
    Needs,
    NotThere,
    ShopMove,
    Standing,
    Stocked,
    Stockroom,
    Store,
    SupplyMove,
)
from segue.ports.stockroom import Key

AHEAD_S = DAY_S  # a source's clock may be wrong, but not by more than a day
ALTERED = "came again under the same id with other content"
WHY = "less_on_hand"  # why orders give stock back

Outcome = Literal["applied", "unchanged", "repeated", "altered", "older", "contained", "waiting", "refused"]


class Told(Value):
    """What became of a report."""

    report: Report
    outcome: Outcome
    detail: str = ""
    on_hand: int = 0  # by how much the counter changed


class Taken(Value):
    """What became of reports, and how many units the orders gave back."""

    told: tuple[Told, ...] = ()
    given_back: dict[str, int] = {}
    redated: int = 0  # lines that wait and are to have their units at another instant than before


class Desk(Value, frozen=True):
    """What stock is taken with."""

    store: Store
    room: Stockroom
    rules: Rules
    now_s: int
    by: str


class Taking:
    """One transaction under way."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.working = Working(desk.store, desk.rules, desk.now_s)
        self.standing: dict[Key, Standing] = {}
        self.counters: dict[Key, Counter] = {}
        self.known: dict[Key, list[Report]] = {}
        self.moved: list[ShopMove] = []
        self.safety: dict[Key, int] = {}
        self.filing: list[Filed] = []
        self.forgotten: list[tuple[str, str]] = []
        self.results: list[Result] = []
        self.given_back: dict[str, int] = {}
        self.carts: dict[str, CartChange] = {}

    def reports(self, reports: Sequence[Report]) -> Taken:
        since_s = min([each.at_s for each in reports if each.kind == "snapshot" and each.at_s], default=self.desk.now_s)
        self._look_up({(each.sku, each.location) for each in reports}, since_s)
        filed = self._filed(reports)
        items = self.desk.store.load(Needs(items=frozenset(each.sku for each in reports))).items
        is_open = not self.desk.room.has_catalog()
        told = [self._take(report, filed, is_open or items.get(report.sku) is not None) for report in reports]
        self._write(())
        return Taken(tuple(told), self.given_back)

    def moves(self, moves: Sequence[StockMove], supplies: Sequence[SupplyMove], cascades: bool = False) -> Taken:
        """If it `cascades`, all who wait for what is supplied are looked at together; else each is woken."""
        self._look_up({(move.sku, move.location) for move in moves}, self.desk.now_s)
        for move in moves:
            key = (move.sku, move.location)
            change = Change(move, self.counters[key].safety)
            if wrong := objection(after(self.counters[key], change)):
                raise NotThere(f"{' at '.join(key)}: {wrong}")
            _, lacking = self._apply(key, change, "")
            if lacking:
                raise NotThere(f"{' at '.join(key)}: {lacking} of them have to be shipped to customers")
        cascading = Cascading(self.desk.store, self.desk.rules, self.desk.now_s)
        cascaded = cascading.of(moves, supplies) if cascades else []
        self._write(supplies, cascaded)
        return Taken((), self.given_back, sum(len(each.redated) for each in cascaded))

    def _look_up(self, keys: set[Key], since_s: int) -> None:
        self.standing = self.desk.room.standing(keys, since_s)
        if any(known.carts for known in self.standing.values()):
            self._look_at_carts(keys, since_s)
        self.counters = {key: known.counter for key, known in self.standing.items()}
        self.known = {key: list(known.reports) for key, known in self.standing.items()}

    def _look_at_carts(self, keys: set[Key], since_s: int) -> None:
        """What carts have that are over is given back first; others may have come meanwhile."""
        now_s = self.desk.now_s
        self.desk.store.commit(Batch(now_s, swept=frozenset(sku for sku, _ in keys)))
        self.standing = self.desk.room.standing(keys, since_s)
        names = frozenset(name for known in self.standing.values() for name in known.carts)
        found = self.desk.store.load(Needs(carts=names, now_s=now_s)).carts
        self.carts = {name: CartChange(name, cart.held, cart) for name, cart in found.items() if cart}

    def _filed(self, reports: Iterable[Report]) -> dict[tuple[str, str], Filed]:
        by_source: dict[str, list[str]] = {}
        for report in reports:
            by_source.setdefault(report.source, []).append(report.id)
        return {
            (source, id): filed
            for source, ids in by_source.items()
            for id, filed in self.desk.room.filed(source, ids).items()
        }

    def _take(self, report: Report, filed: dict[tuple[str, str], Filed], is_known: bool) -> Told:
        """What becomes of one report."""
        before = filed.get((report.source, report.id))
        if report.at_s == UNDATED:
            report = replace(report, at_s=before.report.at_s if before else self._now((report.sku, report.location)))
        if before and (before.state != "waiting" or before.report != report):
            return self._again(report, before)
        wrong = self._wrong_with(report)
        if wrong:
            told = self._keep(report, "refused", wrong)
        elif lacking := self._lacks(report, is_known):
            told = self._keep(report, "waiting", lacking, before)
        else:
            told = self._judge(report, before)
        filed[report.source, report.id] = Filed(report, "applied")
        return told

    def _now(self, key: Key) -> int:
        """An instant that is later than what is known of a counter."""
        latest = latest_snapshot(self.known[key])
        return max(self.desk.now_s, latest.at_s + 1) if latest else self.desk.now_s

    def _again(self, report: Report, before: Filed) -> Told:
        """It is here already; one that says something else now is kept for a person to look at."""
        if before.report == report:
            return Told(report, "repeated", before.detail)
        other = f"{report.id} altered {report.at_s} {report.on_hand} {report.damaged} {report.quarantined}"
        self.filing.append(Filed(_renamed(report, other), "refused", ALTERED))
        return Told(report, "altered", ALTERED)

    def _wrong_with(self, report: Report) -> str:
        if report.row:
            return report.reason
        counts = (report.on_hand, report.damaged, report.quarantined, report.safety)
        given = [units for units in counts if units is not None]
        if not given:
            return "it says nothing of any units"
        if max(map(abs, given)) > UNITS_MAX:
            return f"more than {UNITS_MAX:,} units"
        if report.kind == "snapshot" and min(given) < 0:
            return f"{min(given)} units cannot be there"
        if report.at_s > self.desk.now_s + AHEAD_S:
            return "its instant lies in the future"
        return ""

    def _lacks(self, report: Report, is_known: bool) -> str:
        if not is_known:
            return f"no SKU {report.sku} in the catalog"
        if report.location not in self.desk.rules.locations:
            return f"no location {report.location}"
        return ""

    def _keep(
        self, report: Report, state: Literal["refused", "waiting"], why: str, before: Filed | None = None
    ) -> Told:
        if before is None or before.detail != why:
            self.filing.append(Filed(report, state, why))
        return Told(report, state, why)

    def _judge(self, report: Report, before: Filed | None) -> Told:
        key = (report.sku, report.location)
        said = verdict(report, self.known[key])
        if said != "news":
            if before:
                self.forgotten.append((report.source, report.id))
            latest = latest_snapshot(self.known[key])
            return Told(report, said, f"{latest.source} has counted it since" if latest else "")
        change = change_of(report, self.counters[key], self.known[key], self.standing[key].own)
        if wrong := objection(after(self.counters[key], change)):
            return self._keep(report, "waiting", wrong, before)
        done, lacking = self._apply(key, change, f"{report.source} {report.id}")
        over = superseded(report, self.known[key])
        self.forgotten += [(each.source, each.id) for each in over]
        self.known[key] = [each for each in self.known[key] if each not in over] + [report]
        detail = f"{lacking} units have to be shipped to customers, and stay counted until then" if lacking else ""
        self.filing.append(Filed(report, "applied", detail))
        is_same = done == Change(StockMove(*key, 0, 0, done.move.reason), self.standing[key].counter.safety)
        return Told(report, "unchanged" if is_same else "applied", detail, done.move.on_hand)

    def _apply(self, key: Key, change: Change, report: str) -> tuple[Change, int]:
        """Change a counter; orders give back what is not there. Returns the change, and what they could not give back."""
        before, facts = self.counters[key], self.working.facts
        then = after(before, change)
        facts.shift(*key, then.free - before.free)
        if then.free < 0:
            self._give_way(key, -then.free)
            then = after(self.counters[key], change)
        if then.free < 0:
            self._deallocate(key, -then.free)
        before = self.counters[key]
        kept, lacking = kept_back(change, before)
        if lacking:
            facts.shift(*key, after(before, kept).free - after(before, change).free)
        self.counters[key] = after(before, kept)
        if any((kept.move.on_hand, kept.move.damaged, kept.move.quarantined, kept.move.in_transit)):
            self.moved.append(ShopMove(kept.move, report))
        if kept.safety != before.safety:
            self.safety[key] = kept.safety
            self.moved.append(ShopMove(StockMove(*key, 0, 0, f"safety {kept.safety}"), report))
        return kept, lacking

    def _give_way(self, key: Key, short: int) -> None:
        """Nobody has bought yet what carts have: they go without before any order does, the youngest first."""
        for name in self.standing[key].carts:
            cart = self.carts[name].after if name in self.carts else None
            units = min(short, cart.at(*key)) if cart else 0
            if cart and units:
                short -= units
                left = cart.less(*key, units)
                self.carts[name] = replace(self.carts[name], after=left if left.held else None)
                move = StockMove(*key, 0, 0, "cart_gave_way", reserved=-units)
                self.moved.append(ShopMove(move, f"cart {name}", cart.channel))
                self.counters[key] = after(self.counters[key], Change(move, self.counters[key].safety))
                self.working.facts.shift(*key, units)

    def _deallocate(self, key: Key, short: int) -> None:
        """The youngest orders give back what they were given there, and were not yet to be sent."""
        holders = self.desk.room.holders(key)
        self.working.look_at(holders)
        for name in holders:
            order = self.working.orders[name]
            aside = set_aside(order, *key) if order is not None else 0
            if aside and short > 0:
                units = min(aside, short)
                steps = len(self.working.steps)
                result = self.working.take(Request(name, Deallocate(*key, units, WHY), self.desk.by))
                self.results.append(result)
                self._follow(steps)
                if result.changed:
                    short -= units
                    self.given_back[name] = self.given_back.get(name, 0) + units

    def _follow(self, steps: int) -> None:
        """Counters follow what the last steps have moved."""
        for step in self.working.steps[steps:]:
            for move in step.moves:
                key = (move.sku, move.location)
                if known := self.counters.get(key):
                    self.counters[key] = after(known, Change(move, known.safety))

    def _write(self, supplies: Sequence[SupplyMove], cascades: Sequence[Cascade] = ()) -> None:
        stocked = Stocked(
            self.desk.by, tuple(self.moved), self.safety, tuple(self.filing), tuple(self.forgotten), tuple(supplies),
            {key: known.counter for key, known in self.standing.items()},
            tuple(change for change in self.carts.values() if not change.after or change.after.held != change.before),
            redated=tuple(line for each in cascades for line in each.redated),
            queued={each.sku: each.mark for each in cascades},
        )  # fmt: skip
        self.desk.store.commit(self.working.into(Batch(self.desk.now_s, stocked=stocked), self.results))


def _renamed(report: Report, id: str) -> Report:
    return replace(report, id=id)
