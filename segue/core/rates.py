"""Rates: what a shop says of costs: what parcels cost by where they come from and go to, handling, lateness, markdowns.

Amounts are minor units of the shop's currency; what is made of them is in mills, see `lanes`.
"""

from segue.core.base import Value

ANY = "*"  # locations, or SKUs, that have no line of their own
UNFILLED_MINOR = (
    1_000_000  # what a unit costs that nobody sends, if the shop says nothing: more than sending it ever does
)

Zones = dict[str, dict[str, str]]  # origin or `*` -> destination (`DE`, `US-NY`, `US 941`) -> zone


class Card(Value):
    """What a parcel costs in one zone, by its weight: the first step that it does not exceed is its billed weight."""

    steps: tuple[tuple[int, int], ...]  # (up to so many grams, minor units), rising
    beyond_minor: int | None = None  # for each started kilogram above the last step; None: such a parcel is not taken


Cards = dict[str, dict[str, Card]]  # shipping method -> zone -> card


class Carrier(Value):
    """What one carrier charges. The shop's own cards are those of a carrier without a name."""

    name: str = ""
    methods: Cards = {}
    zones: Zones = {}  # as it calls them; none: as the shop does
    fuel_bp: int = 0  # hundredths of a percent that come on top of what its cards say
    dimensional_cm3: int = 0  # so many cubic centimeters are billed as a kilogram; 0: only the weight counts
    is_asked: bool = False  # it is asked what a parcel costs; its cards are for when it does not answer


class Handling(Value):
    """What it costs a location to pick and pack."""

    parcel_minor: int = 0
    unit_minor: int = 0


class Late(Value):
    """What it costs to be late: once for each parcel that arrives after it was promised, and by unit and started day."""

    parcel_minor: int = 0
    unit_day_minor: int = 0


class Rates(Value, frozen=True, eq=False):
    """All that a shop says of costs. It is told apart by being itself, so that what was made of it can be remembered."""

    fallback: Card  # where no card says what a parcel costs; it takes any weight
    zones: Zones = {}
    methods: Cards = {}
    handling: dict[str, Handling] = {}  # location or `*` -> what it costs there
    unfilled_minor: int = UNFILLED_MINOR
    weight_g: int = 0  # of goods of which the catalog says none
    carriers: tuple[Carrier, ...] = ()  # a parcel goes with the one that is cheapest for it
    fuel_bp: int = 0  # on top of `methods`
    dimensional_cm3: int = 0  # for `methods`
    late: Late | None = None
    markdown: dict[str, dict[str, int]] = {}  # location or `*` -> SKU or `*` -> what a unit loses that stays


class RateRequest(Value):
    """What a carrier is asked: what one parcel costs."""

    carrier: str
    method: str
    origin: str  # the location
    country: str
    region: str
    postcode_area: str  # the first signs of the postcode: more of an address is not known where it is decided
    weight_g: int


class RateAnswer(Value):
    """What a carrier says. Without a price it does not take the parcel, or did not answer: then `silent` says why."""

    price_minor: int | None = None
    silent: str = ""
