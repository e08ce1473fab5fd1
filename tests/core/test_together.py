"""The algorithms `wave` and `look_ahead`: plans from outside, within the rules; prices. Covers F-8."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.json import Decoder, encode
from msgspec.structs import replace

from segue.core.base import Because, NeedFacts
from segue.core.calendar import Timing, Transit
from segue.core.context import Context
from segue.core.days import Capacity, Load
from segue.core.draft import Destination
from segue.core.facts import Facts, Item, Location
from segue.core.opportunity import Prices
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.price_list import PriceList
from segue.core.rates import Card, Late, Rates
from segue.core.sourcing import Plan, plan
from segue.core.sourcing.unsaid import with_unsaid
from segue.core.timetable import Timetables
from segue.core.waves import Proposal, Wish
from segue.policies.splitting import one_shipment
from tests.core.given import given
from tests.core.shop import draft, rule, sold, workflow

HERE = Destination("US", "TX", postcode_area="787")
NEAR, FAR = Card(((5_000, 400),)), Card(((5_000, 600),))
RATES = Rates(
    fallback=Card(((0, 900),), 100),
    zones={"*": {"US": "far"}, "A": {"US": "near"}},
    methods={"ground": {"near": NEAR, "far": FAR}},
)
PLACES = tuple(Location(name) for name in ("A", "B", "C"))
PLENTY = {"SHIRT": {"A": 5, "B": 5, "C": 5}, "CAP": {"A": 5, "B": 5}}


def knowing(
    stock: Mapping[str, Mapping[str, int]], rates: Rates | None = RATES, places: tuple[Location, ...] = PLACES
) -> Facts:
    facts = Facts({each.id: each for each in places}, price_list=PriceList(currency="USD", rates=rates))
    facts.items |= {sku: Item(sku, weight_g=300) for sku in ("SHIRT", "CAP")}
    facts.stock |= {sku: dict(stock.get(sku, {})) for sku in ("SHIRT", "CAP")}
    return facts


def bought(**units: int) -> Order:
    made = given(draft(*(sold(sku, count) for sku, count in units.items()), ship_to=HERE)).order
    assert made is not None
    return made


def planned(order: Order, facts: Facts, freed: dict[tuple[str, str], int] | None = None, **declared: Any) -> Plan:
    flow = workflow(**{"algorithm": "wave", "rank": (), "eligible": (), "split": ()} | declared)
    demand = {line.number: line.quantity for line in order.lines}
    return plan(order, demand, Context(0, flow, facts), freed or {})


def wish_asked(order: Order, facts: Facts, **declared: Any) -> str:
    with pytest.raises(NeedFacts) as caught:
        planned(order, facts, **declared)
    assert caught.value.kind == "proposal"
    (key,) = caught.value.keys
    return key


def proposing(order: Order, facts: Facts, *parcels: tuple[str, dict[str, int]], **declared: Any) -> Plan:
    """What comes of it if a wave has this for the order."""
    key = wish_asked(order, facts, **declared)
    facts.proposals[key] = Proposal("W", 7, 4_321, parcels)
    return planned(order, facts, **declared)


def sources(made: Plan) -> list[tuple[str, dict[int, int]]]:
    return [(parcel.location.id, parcel.units) for parcel in made.parcels]


def word(made: Plan) -> str:
    return str(made.because.figures["algorithm"])


def test_an_order_says_what_it_wants_and_who_may_not_send_it() -> None:
    order, us = bought(SHIRT=2, CAP=1), Rule("us", lambda location, order, facts: "no" if location.id == "C" else None)
    wanted = Wish(order.id, HERE, "ground", {"SHIRT": 2, "CAP": 1}, order.channel, ("C",))
    assert wish_asked(order, knowing(PLENTY), eligible=(us,)) == encode(wanted).decode()


def test_without_rates_or_a_wave_or_for_what_waves_cannot_do_an_order_is_planned_alone() -> None:
    order, facts = bought(SHIRT=1), knowing(PLENTY)
    assert word(planned(order, knowing(PLENTY, None))) == "rules, as the shop has no rates.yaml"
    facts.proposals[wish_asked(order, facts)] = None
    alone = planned(order, facts)
    assert (word(alone), sources(alone)) == ("exact, as no other order was planned with it", [("A", {1: 1})])
    apart = Rule("apart", lambda units, order, facts: (units,))
    assert word(planned(order, facts, divide=(apart,))).startswith("exact, as its rules say how parcels are divided")
    assert word(planned(order, facts, {("SHIRT", "B"): 1})) == "exact, as it keeps stock from others already"


def test_where_the_rules_have_the_word_the_wave_has_none() -> None:
    never = Rule("never", lambda plan, order: "no")
    made = proposing(bought(SHIRT=1), knowing(PLENTY), ("A", {"SHIRT": 1}), split=(never,))
    assert (word(made), sources(made)) == ("rules, as no cheaper plan keeps within the limits", [])


def test_the_plan_of_a_wave_that_is_its_own_is_taken_with_the_waves_gap() -> None:
    made = proposing(bought(SHIRT=1), knowing(PLENTY), ("A", {"SHIRT": 1}))
    assert sources(made) == [("A", {1: 1})]
    assert made.because.figures["wave"] == {"id": "W", "orders": 7, "gap": "0.43 %"}
    assert made.because.passed_over["B"] == "2.00 USD dearer; 2.01 USD cheaper it would win"


def test_another_plan_is_taken_too_and_the_reason_says_what_was_given_up() -> None:
    made = proposing(bought(SHIRT=1), knowing(PLENTY), ("B", {"SHIRT": 1}))
    assert sources(made) == [("B", {1: 1})]
    figures = made.because.figures
    assert (figures["chosen"], figures["cost_mills"], figures["parcels"][0]["location"]) == ({"B": 1}, 600_000, "B")
    assert made.because.passed_over == {
        "A": "in the cheapest plan of this order alone, 2.00 USD cheaper; others of the wave need it more",
        "C": "2.00 USD dearer; 2.01 USD cheaper it would win",
    }


def test_what_the_wave_leaves_unfilled_is_missing() -> None:
    made = proposing(bought(SHIRT=2), knowing(PLENTY), ("A", {"SHIRT": 1}))
    assert (sources(made), made.missing) == ([("A", {1: 1})], {1: 1})
    nothing = proposing(bought(SHIRT=1), knowing(PLENTY))
    assert (sources(nothing), nothing.missing) == ([], {1: 1})
    told = "in the cheapest plan of this order alone; others of the wave need it more"
    assert nothing.because.passed_over["A"] == told


def test_lines_of_one_sku_share_what_is_planned_and_a_location_may_send_two_parcels() -> None:
    made = given(draft(sold("SHIRT", 1), sold("SHIRT", 2), ship_to=HERE)).order
    assert made is not None
    found = proposing(made, knowing(PLENTY), ("B", {"SHIRT": 2}), ("B", {"SHIRT": 1}))
    assert sources(found) == [("B", {1: 1, 2: 1}), ("B", {2: 1})]


@pytest.mark.parametrize(
    ("parcels", "why"),
    [
        ([("Z", {"SHIRT": 1})], "Z may not serve the order any more"),
        ([("A", {"SHIRT": 3})], "not all of these lines may come from A"),
        ([("C", {"CAP": 1})], "too little is left at C"),
        ([("A", {"SHIRT": 2}), ("B", {"CAP": 1})], "one_shipment: it would be 2 parcels"),
    ],
)
def test_a_plan_that_the_rules_or_the_stock_do_not_allow_gives_way(
    parcels: list[tuple[str, dict[str, int]]], why: str
) -> None:
    made = proposing(bought(SHIRT=2, CAP=1), knowing(PLENTY), *parcels, split=(rule(one_shipment),))
    assert word(made).startswith("exact, as the wave's plan cannot be used: ")
    assert why.partition(":")[0] in word(made)
    assert sources(made) == [("A", {1: 2, 2: 1})]


def test_a_line_that_may_not_come_from_there_gives_way() -> None:
    order = bought(SHIRT=1, CAP=1)
    order = replace(order, lines=(replace(order.lines[0], excluded=("B",)), order.lines[1]))
    made = proposing(order, knowing(PLENTY), ("B", {"SHIRT": 1}))
    assert word(made) == "exact, as the wave's plan cannot be used: not all of these lines may come from B"


def test_a_day_that_has_no_room_left_gives_way() -> None:
    limited = (Location("A"), Location("B", capacity=Capacity(lines=2, units=3)), Location("C"))
    for units, parcels, fits in (
        ({"SHIRT": 4}, [("B", {"SHIRT": 4})], False),
        ({"SHIRT": 3, "CAP": 1}, [("B", {"SHIRT": 3}), ("B", {"CAP": 1})], False),
        ({"SHIRT": 2, "CAP": 1}, [("B", {"SHIRT": 2}), ("B", {"CAP": 1})], True),
    ):
        facts = knowing(PLENTY, places=limited)
        facts.days["B|0"] = Load()
        made = proposing(bought(**units), facts, *parcels)
        assert ("algorithm" not in made.because.figures) == fits
        assert fits or word(made).endswith("the day of B has no room left")


def test_locations_that_are_asked_last_are_not_the_waves_to_ask() -> None:
    last = Rule("soft", lambda location, order, facts: "last" if location.id == "B" else None, soft=True)
    order, facts = bought(SHIRT=2), knowing({"SHIRT": {"A": 1, "B": 5}})
    assert Wish(order.id, HERE, "ground", {"SHIRT": 2}, order.channel, ("B",)) == decoded(
        wish_asked(order, facts, eligible=(last,))
    )
    made = proposing(order, facts, ("A", {"SHIRT": 1}), eligible=(last,))
    assert word(made).endswith("some of it only those locations have that are asked last")
    assert sources(made) == [("A", {1: 1}), ("B", {1: 1})]


def decoded(key: str) -> Wish:
    return Decoder(Wish).decode(key)


def test_what_is_late_costs_more_in_the_wave_unless_only_a_part_of_it_is() -> None:
    order = replace(bought(SHIRT=1, CAP=1), promised_at_s=10)
    timed = Timetables(Timing(transit={"ground": Transit({"US": (1, 1)}, {})}))
    for late, mills in ((None, {}), (Late(500), {"A": 500_000, "B": 500_000, "C": 500_000})):
        facts = knowing(PLENTY, replaced(late=late))
        facts.timetables = timed
        assert decoded(wish_asked(order, facts)).late_mills == mills
    facts = knowing(PLENTY, replaced(late=Late(500, 10)))
    facts.timetables = timed
    assert word(planned(order, facts)) == "exact, as some of it would be late in another way than the rest"


def replaced(**changed: Any) -> Rates:
    return Rates(**{name: getattr(RATES, name) for name in RATES.__struct_fields__} | changed)


def ahead(order: Order, facts: Facts) -> Plan:
    return planned(order, facts, algorithm="look_ahead")


def test_what_units_are_worth_elsewhere_is_charged_and_named() -> None:
    facts = knowing(PLENTY)
    facts.prices = {"SHIRT": Prices(60, {"A": 300_000, "Z": 9}), "CAP": None}
    made = ahead(bought(SHIRT=1, CAP=1), facts)
    assert sources(made) == [("B", {1: 1, 2: 1})]
    assert made.because.figures["prices"] == "as of 1970-01-01 00:01 UTC"
    assert made.because.figures["opportunity"] == {"SHIRT": {"A": 300_000}}
    assert made.because.passed_over["A"] == "1.00 USD dearer; 1.01 USD cheaper it would win"
    assert facts.opportunity == {}, "orders that do not look ahead are not charged"


def test_without_prices_or_rates_looking_ahead_is_exact_or_the_rules() -> None:
    facts = knowing(PLENTY)
    with pytest.raises(NeedFacts) as caught:
        ahead(bought(SHIRT=1), facts)
    assert (caught.value.kind, caught.value.keys) == ("prices", frozenset(("SHIRT",)))
    facts.prices = {"SHIRT": None}
    assert word(ahead(bought(SHIRT=1), facts)) == "exact, as nothing is known of what these units are worth elsewhere"
    assert word(ahead(bought(SHIRT=1), knowing(PLENTY, None))) == "rules, as the shop has no rates.yaml"


def test_two_notes_on_the_algorithm_are_both_told() -> None:
    facts = knowing({"SHIRT": {"A": 1}, "CAP": {"B": 1}})
    facts.prices = dict.fromkeys(("SHIRT", "CAP"))
    made = planned(bought(SHIRT=1, CAP=1), facts, algorithm="look_ahead", split=(rule(one_shipment),))
    assert word(made) == (
        "exact, as nothing is known of what these units are worth elsewhere; "
        "rules, as no cheaper plan keeps within the limits"
    )


def test_what_a_plan_that_sends_nothing_went_by_goes_with_the_reason_on_record() -> None:
    wave = {"id": "W", "orders": 2, "gap": "0.00 %"}
    said = Because("cost", {"opportunity": {"SHIRT": {"A": 1}, "CAP": {"A": 2}}})
    unsaid = Because("cost", {"opportunity": {"SHIRT": {"B": 3}}}), Because("cost", {"wave": wave}), Because("rank")
    known = {"SHIRT": {"A": 1, "B": 3}, "CAP": {"A": 2}}
    assert with_unsaid(said, unsaid) == Because("cost", {"opportunity": known, "nothing_of_wave": wave})
    assert with_unsaid(said, [Because("rank")]) is said
    assert said.figures["opportunity"]["SHIRT"] == {"A": 1}
