"""The rules that a shop runs by: all that it says of itself, and the workflow version of each order."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo

from segue.core.bundles import Recipes, only_in
from segue.core.calendar import Timing
from segue.core.facts import Facts, Location
from segue.core.means import Means
from segue.core.price_list import PriceList
from segue.core.selling import keeps_to_supply
from segue.core.supply import Turns
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.core.timetable import Timetables
from segue.core.workflow import Workflow
from segue.engine.rating import NoCarriers, Rating
from segue.ports import CarrierRates, PortFailed, Taxes


class NoTaxes:
    """Where nobody knows the taxes, nothing can be priced."""

    def quote(self, request: TaxRequest) -> TaxAnswer:
        """Nothing answers."""
        raise PortFailed("no tax service is plugged in")


class Rules:
    """What every decision of this shop is made with. New orders follow the current workflows, others their own."""

    def __init__(
        self,
        shop: str,
        current: Mapping[str, Workflow],
        by_channel: Mapping[str, str],
        default: str,
        compile: Callable[[str], Workflow],
        locations: Mapping[str, Location],
        methods: frozenset[str] = frozenset(),
        means: Mapping[str, Means] | None = None,
        price_list: PriceList | None = None,
        taxes: Taxes | None = None,
        zone: tzinfo = UTC,
        timing: Timing | None = None,
        carriers: CarrierRates | None = None,
        turns: Turns | None = None,
        recipes: Recipes | None = None,
    ) -> None:
        self.shop = shop
        self.locations = dict(locations)
        self.methods = methods
        self.means = means or {}
        self.price_list = price_list or PriceList()
        self.taxes = taxes or NoTaxes()
        self.carriers = Rating(carriers or NoCarriers())
        self.zone = zone
        self.turns = turns or Turns()
        self.recipes = recipes or {}
        self._only_in = only_in(self.recipes)
        self.timetables = Timetables(timing or Timing())
        self._current = current
        self.counts_sales = any(keeps_to_supply(current[name]) for name in {default, *by_channel.values()} & {*current})
        self._by_channel = by_channel
        self._default = default
        self._compile = compile
        self._versions = {workflow.version: workflow for workflow in current.values()}

    def for_channel(self, channel: str) -> Workflow:
        """The workflow that a new order of this channel starts with."""
        return self._current[self._by_channel.get(channel, self._default)]

    def algorithms(self) -> frozenset[str]:
        """Those by which new orders may be given locations."""
        return frozenset(each.algorithm for workflow in self._current.values() for each in workflow.strategies)

    def version(self, version: str, text_of: Callable[[str], str | None]) -> Workflow:
        """The workflow version that an order is pinned to; an older one is compiled from its stored text, once."""
        if version not in self._versions:
            text = text_of(version)
            assert text is not None, f"workflow {version} has orders, but its text is gone"
            self._versions[version] = self._compile(text)
        return self._versions[version]

    def series(self, at_s: int) -> str:
        """In which documents of this instant are numbered: the year, in the shop's time."""
        return f"{datetime.fromtimestamp(at_s, self.zone):%Y}"

    def facts(self) -> Facts:
        """Facts of which only the shop's own are loaded."""
        known = Facts(self.locations, self.methods, self.means, self.price_list, self.timetables)
        known.turns, known.counts_sales = self.turns, self.counts_sales
        known.recipes, known.only_in = self.recipes, self._only_in
        return known
