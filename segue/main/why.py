"""The command `segue why`: an order's story, for somebody who has a customer on the telephone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter

from segue.core.decide import Decision
from segue.core.explain import Recorded, Sentence, explain
from segue.core.facts import Location
from segue.main.formats import ZONE, instant, iso
from segue.main.output import clean, draw, plain, print_json
from segue.main.parameters import HERE, Json, Order, Shop
from segue.main.shops import connection_to, found_order
from segue.store.outline import outline_of
from segue.store.reading import Finder

if TYPE_CHECKING:
    from rich.text import Text

    from segue.store.database import Connection

ACTORS = {"timer": "time", "fraud": "fraud vendor", "": "now"}
ORIGIN = "as the workflow says in "  # how a detail begins that says where in the workflow's file it came from
DETAILS_MAX = 4

Full = Annotated[
    bool, Parameter(negative=(), help="All reasons, and where in the workflow's file each thing comes from.")
]


def why(id: Order, /, *, full: Full = False, shop: Shop = HERE, json: Json = False) -> None:
    """Tell an order's story: what happened, and why."""
    connection = connection_to(shop)
    order = found_order(connection, id).id
    sentences = story_of(connection, order, outline_of(connection).locations)
    if json:
        print_json([{**plain(each), "at": iso(each.at_s)} for each in sentences])
    else:
        tell(sentences, full)


def story_of(connection: "Connection", order: str, locations: Mapping[str, Location]) -> list[Sentence]:
    """The order's story in sentences; the last is where it stands now."""
    told = Finder(connection).story(order)
    decisions = [msgspec.convert(step.record, tuple[Decision, ...], str_keys=True) for step in told]
    recorded = [Recorded(step.at_s, step.by, made) for step, made in zip(told, decisions, strict=True)]
    return explain(recorded, locations, ZONE.get())


def tell(sentences: Sequence[Sentence], full: bool = False) -> None:
    """The story, moment by moment: when, who, what, and beneath it why."""
    from rich.table import Table
    from rich.text import Text

    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(no_wrap=True)
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    before = ""
    reasons: tuple[str, ...] = ()
    for sentence in sentences:
        when = instant(sentence.at_s)
        drawn.add_row(
            Text(when if when != before else ""),
            Text(clean(_source(sentence.by)), style="dim"),
            _what(sentence, reasons, full),
        )
        before, reasons = when, sentence.details or reasons
    draw(drawn)


def _what(sentence: Sentence, before: tuple[str, ...], full: bool) -> "Text":
    """A sentence, and beneath it the reasons: unless asked for, the first of them, and not those that were just given."""
    from rich.text import Text

    what = Text(clean(sentence.text))
    details = [each for each in sentence.details if full or not each.startswith(ORIGIN)]
    if details and sentence.by and not full:
        same = [each for each in before if not each.startswith(ORIGIN)]
        more = len(details) - DETAILS_MAX
        if details == same:
            details = ["for the same reasons"]
        elif more > 1:
            details = [*details[:DETAILS_MAX], f"... and {more} more, with --full"]
    for detail in details:
        what.append(f"\n  {clean(detail)}", style="dim")
    return what


def _source(by: str) -> str:
    kind, _, name = by.partition(":")
    return name if kind == "person" and name else ACTORS.get(by, by.replace(":", " "))
