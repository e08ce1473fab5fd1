"""Features: what Segue can do, row by row, and which scenario files and tests show it.

A scenario names its rows under `covers:`. A test does in a docstring, its own or its file's: "Covers G-1 and H-2."
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docs.tables import code, table
from segue.scenario import read_file
from segue.scenario.finding import shipped

ROOT = Path(__file__).resolve().parents[1]
MONEY = {
    "G-1": "The money is taken parcel by parcel: one authorization bears several captures, each for what has left.",
    "G-2": "It is known when an authorization ends, by the gateway's own word or by a table; what is not needed, or not "
    "needed yet, is let go of as the shop's policy says.",
    "G-3": "Before an authorization ends for goods that have not left, a new one is made and the old one voided; if it is "
    "declined there is a hold, a message, another try, and in the end a cancellation.",
    "G-4": "An order may be paid in several ways, taken from in one order and given back to in another, as the shop says.",
    "G-5": "No more goes back than was taken, however often and by whom it is asked for.",
    "G-6": "A gateway that does not answer has neither done it nor declined: it is asked what became of it, and nothing "
    "is asked for twice.",
    "G-7": "Goods leave only if their price is secured, unless the shop's rules say otherwise.",
    "G-8": "An invoice with each shipment, a credit memo with each refund: numbered without gaps, never changed.",
    "G-9": "Taxes by line and by name, from the channel or from a table of rates; what is canceled or comes back takes its "
    "tax along from its units.",
    "G-10": "One double-entry ledger per order agrees with what was charged, discounted, taken and given back.",
    "G-11": "A deposit is taken at once, the rest when the goods are released.",
    "G-12": "Ways of payment with own rules for captures and voids, such as wallets, are used within those.",
    "H-1": "A discount on the order is spread over its lines and their units without a cent lost or made.",
    "H-2": "One of several discounted units that comes back brings just its share; all of them bring what was paid.",
    "H-3": "Each promotion says what its gift is worth when a part of the purchase comes back: its share, nothing, or as "
    "much as the rest would have cost without it.",
    "H-4": "A promotion that needs a value is looked at again when what is kept falls below it.",
    "H-5": "What becomes of the shipping charge when a part is canceled or comes back is a policy of the shop.",
    "H-6": "What was given back as a price adjustment is not given back again with the unit.",
    "H-7": "A unit that is canceled and one that is returned bring the same money, in whichever order it happens.",
    "H-8": "The money of a change, to the cent and by way of payment, is shown before the change is made; the change then "
    "leads to just that, or is refused.",
}
STOCK = {
    "E-1": "One view of what is on hand, reserved, allocated, on its way and free, by SKU, location and channel.",
    "E-2": "However many buy at once, no more is sold than is there.",
    "E-3": "A cart sets stock aside for a while: it can be extended, it becomes the order's, and it ends by itself.",
    "E-4": "Safety stock by SKU, location and channel is not promised.",
    "E-5": "Channels have shares of the stock: given, moved, drawn on, with shares within shares.",
    "E-6": "What can be promised for when, from what is there and from dated supply, however far ahead.",
    "E-7": "Supply that is late, smaller or canceled changes at once what was promised to the orders that wait for it.",
    "E-8": "What a location could not find or would not do is still wanted: what is there is promised elsewhere first.",
    "E-9": "Why a location rejects says what is believed of its stock from then on.",
    "E-10": "Another article takes the place of one that is not there, in the order of a list, if the customer agrees.",
    "E-11": "Scarce stock goes to those who wait by a rule, and the same way each time.",
    "F-1": "Strategies are asked in turn, each with its conditions and dates, its locations, filters and ranking; then what "
    "follows if none can.",
    "F-2": "Locations are ranked by what the shop finds important, in bands, so that ties fall to the next ranking.",
    "F-3": "An order, a line or a group is shipped complete or waits, is split or is canceled.",
    "F-4": "Splits have limits: parcels by order and line, and what a part has to be worth.",
    "F-5": "A location takes so many orders, lines and units a day, of its own; what is canceled gives its place back.",
    "F-6": "Cut-offs, calendars, holidays and time zones count when a location is chosen and when a date is promised.",
    "F-7": "If a location rejects or comes up short, another is found for the rest, so many times; then a person is asked.",
    "F-8": "Cost decides where rates are known: a card of zones and weights, the carrier's own word, handling, scarcity.",
    "F-9": "Orders one by one and many at once are decided by the same rules.",
    "F-10": "Orders are picked up at a store or brought there: kept, told of, reminded of, and given back after a while.",
    "F-11": "A location is switched off, on, or frozen until an instant, without a change to any rule.",
    "F-12": "A person says which location it is, for one order or for many, and it is known who did.",
    "F-13": "A line becomes a purchase order to a supplier who ships it, and its status follows theirs.",
    "F-14": "For each location it is told why it was chosen, or which filter it failed, or how it scored.",
    "F-15": "What would be done with an order, made up or real, with other stock, is told without doing it.",
    "F-16": "Last month's orders by other rules, with the stock as it was, beside what was done.",
    "F-17": "Two strategies share the orders, or one only computes beside the other, and both are compared.",
    "F-18": "What is shown before the purchase and what is decided after it comes from the same code, and agrees.",
}
TIME = {
    "I-1": "Of a set, kit or bundle as many can be promised as its scarcest part allows, at one location if it ships "
    "together; what several lines want of one part is counted once.",
    "I-2": "The parts of a bundle ship together, or are allocated together wherever they come from, or each by itself.",
    "I-3": "What is paid for a bundle lies on its parts, by their own prices, by weights or fixed: each unit has a value of "
    "its own that can be given back.",
    "I-4": "Each bundle says how it comes back: whole, part by part, or paid back once all of it is there.",
    "I-5": "A part that is canceled or missing cancels the bundle, or leaves the rest as it is, or dissolves it into parts "
    "at their own prices.",
    "I-6": "Bundles within bundles; bundles that customers put together, so many of each group.",
    "I-7": "A bundle that stands packed on the shelf is sent first; then it is put together of its parts.",
    "J-1": "Goods that are not out yet and goods that are out of stock wait for different reasons, and are sent when the "
    "day has come and stock covers the first of those who wait.",
    "J-2": "When waiting goods are to be had follows from what is on order, the place in the queue, the transit and the "
    "calendars; the channel is told.",
    "J-3": "A customer whose goods come later than was said is told so, and may wait or cancel until a day.",
    "J-4": "What has waited for stock too long is canceled, after so many days.",
    "J-5": "An order of which a part has to wait is sent in parts, or held until all of it is there.",
    "J-6": "No more is sold ahead than is on order.",
    "J-7": "Of stock that arrives, a share is kept back.",
    "K-1": "Within a grace period nothing happens that cannot be undone; stock is set aside or not, as the shop says.",
    "K-4": "A customer says for which day; when it has to leave is computed back, by transit, calendars and cut-offs.",
    "K-5": "Each cycle of a subscription makes just one order and one charge, whatever happens to machines and clocks.",
    "K-6": "Subscriptions are skipped, paused, brought forward, changed for once, put together on a day, and tried again "
    "when a payment fails.",
}
ROWS = MONEY | STOCK | TIME
SAID = re.compile(r"\bCovers ([E-K]-[0-9]+(?:(?:, | and )[E-K]-[0-9]+)*)\.")


def money() -> str:
    """Every row of money, what it says, and what shows it."""
    return _shown(MONEY)


def stock() -> str:
    """Every row of stock and routing, what it says, and what shows it."""
    return _shown(STOCK)


def time() -> str:
    """Every row of sets, waiting and dates, what it says, and what shows it."""
    return _shown(TIME)


def _shown(rows: dict[str, str]) -> str:
    shown = shown_by()
    return table(
        ("row", "what it is", "shown by"),
        [(row, sentence, "<br>".join(shown.get(row, ["nothing yet"]))) for row, sentence in rows.items()],
    )


def shown_by() -> dict[str, list[str]]:
    """Row by row the links to the scenarios and the tests that show it."""
    found: dict[str, list[str]] = {}
    for scenario in shipped():
        read = read_file(scenario.path)
        for row in read.covers:
            found.setdefault(row, []).append(_link(scenario.path, scenario.path.stem))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, name in rows_named_in(path.read_text("utf-8")):
            found.setdefault(row, []).append(_link(path, path.stem) + (f" {code(name)}" if name else ""))
    return found


def rows_named_in(text: str) -> Iterator[tuple[str, str]]:
    """The rows that a file of tests names, and the test that does; nothing if it is the file as a whole."""
    tree = ast.parse(text)
    for node in (tree, *tree.body):
        if isinstance(node, ast.Module | ast.FunctionDef):
            for said in SAID.findall(" ".join((ast.get_docstring(node) or "").split())):
                for row in re.findall(r"[E-K]-[0-9]+", said):
                    yield row, getattr(node, "name", "")


def _link(path: Path, name: str) -> str:
    return f"[{name}](../../{path.relative_to(ROOT).as_posix()})"
