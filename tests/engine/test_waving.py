"""Waves planned together: never dearer than one by one, checked by the core, and alone as exact. Covers F-8, F-9."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from segue.app import App, open_app
from segue.connectors.clock import VirtualClock
from segue.core.allocate import Allocate, UnitsAllocated
from segue.core.base import Because, Command, Event
from segue.core.draft import Destination, Draft, DraftLine, DraftTender
from segue.core.facts import Facts, Item, Location
from segue.core.fences import Fence
from segue.core.note import Note
from segue.core.opportunity import Prices
from segue.core.order import Order, count_in
from segue.core.price_list import PriceList
from segue.core.rates import Card, Rates
from segue.core.waves import Wish
from segue.engine import looking_ahead, waving
from segue.engine.looking_ahead import EVERY_S, Refreshed, refresh
from segue.engine.outcomes import Request
from segue.engine.replay import DECISIONS
from segue.engine.wave import Wave, run_wave
from segue.engine.waving import plan_together
from segue.ports import Batch, Needs
from segue.settings import read_shop
from segue.store.outlook import SqliteOutlook
from segue.store.reading import stories
from tests.engine.shops import NOW, bought, leave, order_of, placing, well, write_shop
from tests.store.shops import open_shop as open_shop_store

OWN = "name: own\nextends: standard\npolicies: {{algorithm: {algorithm}, rank: [closest], split: []}}\n"
RATES = """\
zones: {BER: {DE: near, AT: far}, MUC: {DE: near, AT: near}, WIE: {DE: far, AT: near}}
methods:
  standard:
    near: [[500, 390], [5000, 690]]
    far: [[500, 890], [5000, 1890]]
fallback: {parcel: 2500, per_kg: 200}
handling: {BER: {parcel: 50}}
"""
PLACES = """\
- {id: BER, country: DE}
- {id: MUC, country: DE}
- {id: WIE, country: AT}
"""
CARDS = Rates(fallback=Card(((5_000, 500),), 100))
GERMANY, AUSTRIA = Destination("DE", postcode_area="100"), Destination("AT", postcode_area="101")


def a_shop(folder: Path, algorithm: str, stock: dict[tuple[str, str], int]) -> App:
    """A shop in memory that chooses locations by this algorithm."""
    write_shop(folder, workflow="own")
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / "own.yaml").write_text(OWN.format(algorithm=algorithm), encoding="utf-8")
    (folder / "rates.yaml").write_text(RATES, encoding="utf-8")
    (folder / "locations.yaml").write_text(PLACES, encoding="utf-8")
    rows = "".join(f"{sku},{place},{units}\n" for (sku, place), units in stock.items())
    (folder / "stock.csv").write_text(f"sku,location,units\n{rows}", encoding="utf-8")
    return opened(folder)


def opened(folder: Path) -> App:
    return open_app(folder, read_shop(folder), None, VirtualClock(NOW, 60))


def buying(number: int, to: Destination, sku: str = "MUG", quantity: int = 1) -> Draft:
    return bought(number, sku, quantity, kind="account", ship_to=to, placed_at_s=NOW)


def allocated(app: App, drafts: Sequence[Draft]) -> Wave:
    """Orders that are placed, and then allocated in one wave."""
    run_wave(app.store, app.worker.rules, [placing(draft) for draft in drafts], Batch(NOW))
    wanted = [Request(f"canonical-{draft.channel_order_id}", Allocate(), "person:eve") for draft in drafts]
    return run_wave(app.store, app.worker.rules, wanted, Batch(NOW))


def sources(order: Order) -> list[tuple[str, dict[int, object]]]:
    return [(made.location, dict(made.units)) for made in order.fulfillments.values()]


def reasons(app: App, number: int) -> list[Because]:
    """Why the units of an order come from where they do."""
    (story,) = stories(app.reader(), f"canonical-{number}")
    decisions = [each for step in story.steps for each in DECISIONS.decode(step.record)]
    events: list[Event] = [event for decision in decisions for event in decision.events]
    return [e.because for e in events if isinstance(e, UnitsAllocated) and e.because is not None]


def commands_of(app: App, number: int) -> list[Command | None]:
    (story,) = stories(app.reader(), f"canonical-{number}")
    return [each.command for step in story.steps for each in DECISIONS.decode(step.record) if each.by == "person:eve"]


def cost_of(app: App, drafts: Sequence[Draft]) -> int:
    """What all parcels cost, in mills; units that nobody sends cost what the shop says."""
    rates = app.worker.rules.price_list.rates
    assert rates is not None
    total = 0
    for draft in drafts:
        order = order_of(app, draft.channel_order_id)
        total += sum(int(why.figures["cost_mills"]) for why in reasons(app, int(draft.channel_order_id))[:1])
        total += count_in(order, "backordered") * rates.unfilled_minor * 1_000
    return total


@pytest.mark.parametrize("seed", range(12))
def test_a_wave_never_costs_more_than_its_orders_one_by_one(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    stock = {(sku, place): dice.randint(0, 4) for sku in ("MUG", "TEA") for place in ("BER", "MUC", "WIE")}
    drafts = [
        buying(number, dice.choice((GERMANY, AUSTRIA)), dice.choice(("MUG", "TEA")), dice.randint(1, 2))
        for number in range(9)
    ]
    apps = {word: a_shop(tmp_path / word, word, stock) for word in ("wave", "exact")}
    wave, each = (allocated(apps[word], drafts) for word in ("wave", "exact"))
    assert [result.refused for result in (*wave.results, *each.results)] == [""] * 18
    (planned,) = wave.planned
    assert (planned.orders, each.planned) == (9, ())
    assert cost_of(apps["wave"], drafts) == planned.cost_mills
    assert cost_of(apps["exact"], drafts) == planned.one_by_one_mills
    assert planned.bound_mills <= planned.cost_mills <= planned.one_by_one_mills
    for app in apps.values():
        well(app)


@pytest.mark.parametrize("seed", range(8))
def test_a_wave_of_one_order_is_what_exact_makes_of_it(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    stock = {(sku, place): dice.randint(0, 2) for sku in ("MUG", "TEA") for place in ("BER", "MUC", "WIE")}
    draft = buying(1, dice.choice((GERMANY, AUSTRIA)), "TEA", 2)
    draft = replace(
        draft,
        lines=(*draft.lines, DraftLine("MUG", 2, 1000)),
        total_minor=4000,
        tenders=(DraftTender("account", 4000),),
    )
    found = {}
    for word in ("wave", "exact"):
        app = a_shop(tmp_path / word, word, stock)
        wave = allocated(app, [draft])
        assert (wave.results[0].refused, wave.planned) == ("", ())
        found[word] = sources(order_of(app, 1)), [why.figures.get("cost_mills") for why in reasons(app, 1)]
    assert found["wave"] == found["exact"]


def test_what_else_is_asked_of_an_order_waits_until_its_wave_is_planned(tmp_path: Path) -> None:
    app = a_shop(tmp_path, "wave", {("MUG", "BER"): 2, ("MUG", "MUC"): 2})
    drafts = [buying(1, GERMANY), buying(2, AUSTRIA)]
    run_wave(app.store, app.worker.rules, [placing(draft) for draft in drafts], Batch(NOW))
    wanted = [
        Request(f"canonical-{number}", command, "person:eve")
        for number in (1, 2)
        for command in (Note("before"), Allocate(), Note("after"))
    ]
    wave = run_wave(app.store, app.worker.rules, wanted, Batch(NOW))
    assert [result.refused for result in wave.results] == [""] * 6
    assert [result.request for result in wave.results] == wanted
    assert [each.orders for each in wave.planned] == [2]
    assert commands_of(app, 1) == [Note("before"), Allocate(), Note("after")]
    well(app)


def test_channels_with_shares_are_planned_apart_and_do_not_count_on_the_same_units() -> None:
    facts = Facts({name: Location(name) for name in ("A", "B")}, price_list=PriceList(rates=CARDS))
    facts.items["MUG"] = Item("MUG", weight_g=400)
    facts.stock["MUG"] = {"A": 2, "B": 1}
    facts.fences["MUG"] = (Fence("", "web", 1),)
    wishes = [
        encode(Wish(str(number), GERMANY, "standard", {"MUG": 1}, channel)).decode()
        for number, channel in enumerate(("web", "web", "shop", "shop"))
    ]
    planned = plan_together(open_shop_store().store, facts, wishes, "W")
    assert [(each.wave, each.orders) for each in planned] == [("W.1", 2), ("W.2", 2)]
    assert "planned together, at most 0.00% dearer" in str(planned[0])
    taken: dict[str, int] = {}
    for wish in wishes:
        proposal = facts.proposals[wish]
        assert proposal is not None
        for place, units in proposal.parcels:
            taken[place] = taken.get(place, 0) + units["MUG"]
    assert sum(taken.values()) == 3
    assert taken["A"] <= 2


@pytest.mark.parametrize("capacity", ["{orders: 1}", "{lines: 1}", "{units: 1}"])
def test_a_wave_knows_what_a_location_has_room_for(tmp_path: Path, capacity: str) -> None:
    leave(a_shop(tmp_path, "wave", {("MUG", "BER"): 3, ("MUG", "WIE"): 3}))
    places = PLACES.replace("{id: BER, country: DE}", f"{{id: BER, country: DE, capacity: {capacity}}}")
    (tmp_path / "locations.yaml").write_text(places, encoding="utf-8")
    app = opened(tmp_path)
    wave = allocated(app, [buying(number, GERMANY) for number in (1, 2, 3)])
    assert [(planned.orders, planned.cost_mills) for planned in wave.planned] == [(3, 440_000 + 2 * 890_000)]
    assert sorted(place for number in (1, 2, 3) for place, _ in sources(order_of(app, number))) == ["BER", "WIE", "WIE"]
    for number in (1, 2, 3):
        (why,) = reasons(app, number)
        assert "wave" in why.figures, "no plan of the wave had to give way"
    well(app)


def test_waves_of_one_second_have_names_of_their_own_and_always_the_same(tmp_path: Path) -> None:
    names = []
    for turn in ("first", "again"):
        app = a_shop(tmp_path / turn, "wave", {("MUG", "BER"): 3, ("MUG", "MUC"): 3})
        waves = [allocated(app, [buying(number, GERMANY), buying(number + 1, AUSTRIA)]) for number in (1, 3)]
        names.append([planned.wave for wave in waves for planned in wave.planned])
    (one, other), again = names
    assert one != other
    assert again == [one, other]
    assert {name.partition("-")[0] for name in names[0]} == {str(NOW)}


def test_without_the_packages_of_planning_each_order_is_planned_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waving, "planner", lambda: None)
    monkeypatch.setattr(looking_ahead, "planning", lambda: None)
    app = a_shop(tmp_path, "wave", {("MUG", "BER"): 2, ("MUG", "MUC"): 2})
    wave = allocated(app, [buying(1, GERMANY), buying(2, AUSTRIA)])
    assert wave.planned == ()
    assert reasons(app, 1)[0].figures["algorithm"] == "exact, as no other order was planned with it"
    assert refresh(app.store, SqliteOutlook(app.database), app.worker.rules, NOW).reason.startswith("the packages")


def test_what_is_expected_makes_units_dearer_where_they_lie(tmp_path: Path) -> None:
    app = a_shop(tmp_path, "look_ahead", {("MUG", "BER"): 20, ("MUG", "WIE"): 20, ("TEA", "MUC"): 5})
    outlook = SqliteOutlook(app.database)
    allocated(app, [buying(1, AUSTRIA, quantity=4), buying(2, GERMANY, "TEA")])
    told = refresh(app.store, outlook, app.worker.rules, NOW + 60)
    assert told == Refreshed(2, 0)
    allocated(app, [buying(3, AUSTRIA, quantity=15)])
    assert refresh(app.store, outlook, app.worker.rules, NOW + 120) == Refreshed(2, 1)
    known = app.store.load(Needs(prices=frozenset(("MUG", "TEA")))).prices
    assert known == {"MUG": Prices(NOW + 120, {"WIE": 550_000}), "TEA": Prices(NOW + 120)}


def test_rates_that_planning_cannot_deal_with_are_said(tmp_path: Path) -> None:
    app = a_shop(tmp_path, "look_ahead", {("MUG", "BER"): 20})
    allocated(app, [buying(1, AUSTRIA)])
    rules = app.worker.rules
    outlook = SqliteOutlook(app.database)
    card = rules.price_list.rates
    assert card is not None
    rules.price_list = replace(
        rules.price_list, rates=Rates(card.fallback, card.zones, card.methods, unfilled_minor=10**7)
    )
    assert refresh(app.store, outlook, rules, NOW).reason == "the shop's rates are beyond what can be planned with"
    rules.price_list = replace(rules.price_list, rates=None)
    assert refresh(app.store, outlook, rules, NOW).reason == "the shop has no rates.yaml"


def test_the_worker_looks_ahead_every_hour_where_orders_go_by_it(tmp_path: Path) -> None:
    app = a_shop(tmp_path / "one", "look_ahead", {("MUG", "BER"): 20})
    allocated(app, [buying(1, AUSTRIA)])
    outlook = SqliteOutlook(app.database)
    app.worker.round()
    assert outlook.kept_at() == NOW
    app.clock.sleep_until(NOW + EVERY_S - 60)
    app.worker.round()
    assert outlook.kept_at() == NOW
    app.clock.sleep_until(NOW + EVERY_S)
    app.worker.round()
    assert outlook.kept_at() == app.worker.looked_at_s
    assert app.worker.looked_at_s is not None
    assert app.worker.looked_at_s >= NOW + EVERY_S
    other = a_shop(tmp_path / "other", "exact", {("MUG", "BER"): 20})
    allocated(other, [buying(1, AUSTRIA)])
    other.worker.round()
    assert SqliteOutlook(other.database).kept_at() is None
