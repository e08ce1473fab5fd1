"""A workflow, compiled: what happens when. Made from YAML by the loader; immutable; an order is pinned to one version."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import force_setattr

from segue.core.base import Command
from segue.core.conditions import Condition, View, next_flip, places
from segue.core.facts import Location
from segue.core.policy import Rule

SHIP_ON_THE_DAY, SHIP_SO_THAT_IT_ARRIVES = "ship_on_the_day", "ship_so_that_it_arrives"
ON_THE_DAY, SET_ASIDE = "on_the_day", "set_aside"
SHIP_WHAT_IS_THERE, HOLD_ALL = "ship_what_is_there", "hold_all"
STREET_DATES = (SHIP_ON_THE_DAY, SHIP_SO_THAT_IT_ARRIVES)
PREORDER_STOCKS = (ON_THE_DAY, SET_ASIDE)
MIXED_CARTS = (SHIP_WHAT_IS_THERE, HOLD_ALL)
NEVER, GIFT_CARDS, ALL_KINDS = "never", "gift_cards", "all"
DIGITAL_RETURNS = (NEVER, GIFT_CARDS, ALL_KINDS)


class Reaction(Struct, frozen=True):
    """One thing to do: at once or later, and only if its condition holds at that moment."""

    id: str  # where it stands in the file: on.order_placed.0
    command: Command
    after_s: int = 0
    when: Condition | None = None
    after_grace: bool = False  # not before the order's grace period is over


class Grace(Struct, frozen=True):
    """For how long after an order came in nothing happens that cannot be undone; 0: for no time."""

    for_s: int = 0
    by_channel: dict[str, int] = {}
    by_tier: dict[str, int] = {}
    reserve: bool = False  # whether stock is set aside meanwhile

    @property
    def most_s(self) -> int:
        """The longest that it can be for an order."""
        return max((self.for_s, *self.by_channel.values(), *self.by_tier.values()))


class Status(Struct, frozen=True):
    """A name for where an order is. The first whose condition holds is shown."""

    name: str
    when: Condition


class Folder(Struct, frozen=True):
    """Orders that somebody should look at. An order is in every folder whose condition holds."""

    name: str
    when: Condition
    owner: str
    within_s: int | None = None  # the time limit
    then: Reaction | None = None  # the default decision when it has passed


class HoldType(Struct, frozen=True):
    """A kind of hold: what it blocks, and what lifts it without a person."""

    name: str
    blocks: frozenset[str]  # names of commands
    lift_when: Condition | None = None
    expires_s: int | None = None


class ItemState(Struct, frozen=True):
    """A state of the shop's own that refines a core state: "engraving" is allocated, and comes before release."""

    name: str
    refines: str

    @property
    def state(self) -> str:
        """The state as tallies have it: `allocated.engraving`."""
        return f"{self.refines}.{self.name}"


class Message(Struct, frozen=True):
    """A message to the customer: subject and text with $placeholders."""

    name: str
    subject: str
    text: str


class Deposit(Struct, frozen=True):
    """What is taken at once of an order whose balance is paid when goods are ready: a share of its worth, or an amount."""

    percent: int = 0
    amount_minor: int = 0


class Among(Struct, frozen=True):
    """A set of locations: those of these ids, kinds and groups; what nothing is said of may be anything."""

    ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def objection(self, location: Location) -> str | None:
        """Why a location is not one of them."""
        told = (
            (self.ids, location.id, "locations"),
            (self.kinds, location.kind, "kinds"),
            (self.groups, location.group, "groups"),
        )
        for wanted, value, what in told:
            if wanted and value not in wanted:
                return f"{what}: {value or 'none'} is not of the strategy's"
        return None


class Strategy(Struct, frozen=True):
    """One way of choosing locations: for which orders and when, among which, and what if nothing fits."""

    name: str = ""  # "": the policies of a workflow that has no strategies
    eligible: tuple[Rule, ...] = ()
    serve: tuple[Rule, ...] = ()
    rank: tuple[Rule, ...] = ()
    split: tuple[Rule, ...] = ()
    divide: tuple[Rule, ...] = ()
    complete: str = ""  # what only ships whole: `order`, `line`, or lines that share a property, `property:NAME`
    when: Condition | None = None
    from_s: int | None = None
    until_s: int | None = None
    among: Among | None = None
    algorithm: str = "rules"
    otherwise: str = "next"  # what if something is left: next, wait, split or cancel
    pickup: str = ""  # what customers collect: at_store, or ship_to_store; none: it is sent to them
    trial: int | None = None  # for so many per cent of the orders; None: for all
    shadow: bool = False  # worked out and recorded, never followed


class Workflow(Struct, frozen=True):
    """Policies, statuses, folders, holds and reactions of one version."""

    name: str
    version: str  # name@digest of its text
    validate: tuple[Rule, ...] = ()
    grade: tuple[Rule, ...] = ()
    bands: tuple[tuple[str, int], ...] = ()  # (name, from which score), ascending
    eligible: tuple[Rule, ...] = ()
    rank: tuple[Rule, ...] = ()
    split: tuple[Rule, ...] = ()
    capture: Rule | None = None
    shipping_refund: Rule | None = None
    return_fee: Rule | None = None
    capture_from: tuple[str, ...] = ()  # methods or kinds of tenders, or "proportional"
    refund_to: tuple[str, ...] = ()
    deposit: Deposit | None = None
    reauthorize_before_s: int | None = None  # so long before an authorization ends it is said that it will
    quiet_s: int = 0  # so long after supply was moved waiting orders are not told of it: it may be moved again
    sourcing_attempts_max: int = 3  # short picks and rejects of a line before a person decides
    stock_effects: dict[str, str] = {}  # a reason for one -> what it says of the location's stock
    statuses: tuple[Status, ...] = ()
    folders: tuple[Folder, ...] = ()
    holds: dict[str, HoldType] = {}
    item_states: dict[str, ItemState] = {}
    messages: dict[str, Message] = {}
    reactions: dict[str, tuple[Reaction, ...]] = {}  # event or `entered NAME` or `left NAME` -> what to do
    by_id: dict[str, Reaction] = {}
    serve: tuple[Rule, ...] = ()
    divide: tuple[Rule, ...] = ()
    algorithm: str = "rules"  # by which locations are chosen where a strategy does not say it
    routing: tuple[Strategy, ...] = ()  # ways of choosing locations; the first that fits is followed
    street_date: str = SHIP_ON_THE_DAY  # what happens on an article's street date: it leaves, or it arrives
    preorder_stock: str = (
        ON_THE_DAY  # when preordered units get stock: on their street date, or as soon as there is some
    )
    mixed_cart: str = SHIP_WHAT_IS_THERE  # or hold all of an order until all is there
    fact_kinds: frozenset[str] = frozenset()  # kinds of facts that could flip one of its conditions
    timed: tuple[Condition, ...] = ()  # the conditions of statuses and folders that time alone could flip
    grace: Grace | None = None
    digital_returns: str = NEVER  # which codes are taken back, and what is left on them refunded
    schedule_stock: str = "allocated"  # how stock is kept for what shall arrive on a date: allocated or reserved
    # Made of the above, once:
    where: Callable[[View], tuple[str, ...]] = places((), ())  # its status, "" if it has none, and the folders it is in
    next_flip: Callable[[View], int | None] = next_flip(
        ()
    )  # the next instant at which time alone could flip one of them
    limits: dict[str, tuple[int, Reaction]] = {}  # the folders that have a default decision, and after which time
    strategies: tuple[Strategy, ...] = ()  # those of `routing`, or the one that the policies are

    def __post_init__(self) -> None:
        statuses = [(status.name, status.when) for status in self.statuses]
        folders = [(folder.name, folder.when) for folder in self.folders]
        limits = {f.name: (f.within_s, f.then) for f in self.folders if f.within_s is not None and f.then is not None}
        force_setattr(self, "where", places(statuses, folders))
        force_setattr(self, "next_flip", next_flip(self.timed))
        force_setattr(self, "limits", limits)
        usual = Strategy("", self.eligible, self.serve, self.rank, self.split, self.divide, algorithm=self.algorithm)
        force_setattr(self, "strategies", self.routing or (usual,))


def band_of(workflow: Workflow, score: int) -> str:
    """The band that a score falls into: the last whose threshold it reaches, the first if it is below all of them."""
    for name, start in reversed(workflow.bands):
        if score >= start:
            return name
    return workflow.bands[0][0] if workflow.bands else ""
