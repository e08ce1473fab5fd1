"""A deed: something that customers, channels or people in the shop do, or ask for."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from segue.core.base import Value
from segue.core.preview import Preview
from segue.ports import Inbound, Person
from segue.sim.trial.dice import Dice
from segue.sim.trial.orders import Placed


class Receive(Value):
    """A channel or another system sends us something."""

    message: Inbound
    person: Person | None = None


class Ask(Value):
    """A person asks something of an order."""

    order: str
    command: Any  # a Command
    by: str = "person:ann"
    preview: Preview | None = None  # what they were shown before: it comes to just that, or is refused


class LookAhead(Value):
    """A person looks at what something would come to, and asks for just that some time later."""

    asked: Ask
    after_s: int


class Count(Value):
    """Somebody counts what is there: so many more, or fewer, than we believed."""

    sku: str
    location: str
    difference: int
    safety: int = 0


class Arrive(Value):
    """Goods arrive, or break."""

    sku: str
    location: str
    units: int


class Reported(Value):
    """A location's system says what is there, or what came or went: late, twice, of what nobody knows."""

    id: str
    kind: Literal["snapshot", "delta"]
    sku: str
    location: str
    difference: int  # from what we believe
    at_s: int  # of when it is: the same as often as it comes
    sequence: int = 0


class Send(Value):
    """Goods leave for another location."""

    sku: str
    origin: str
    location: str
    units: int
    reference: str
    takes_s: int


class Supply(Value):
    """Something is on order, comes at another time, comes or does not come."""

    how: str  # add, move, cancel, receive, last
    reference: str
    sku: str
    location: str = ""
    units: int = 0
    in_s: int = 0


class Pack(Value):
    """Bundles are packed of parts that are there, or, fewer than none, unpacked."""

    sku: str
    location: str
    bundles: int


class Date(Value):
    """The catalog says another street date: so many days after the first, or none any more."""

    sku: str
    days: int


class Empty(Value):
    """Somebody takes all that is free."""

    sku: str
    location: str


class List(Value):
    """The catalog gets an item."""

    sku: str


class Visit(Value):
    """People look into the folders, and do what they think best."""

    number: int


class Deed(NamedTuple):
    """Something that will be done."""

    at_s: int
    key: str  # tells it from all others
    kind: str
    what: Receive | Ask | LookAhead | Count | Arrive | Reported | Send | Supply | Pack | Date | Empty | List | Visit
    about: str = ""  # the order


Made = Callable[[Placed, Dice], Receive | Ask | LookAhead | None]  # none: such an order gives no cause for it


class Kind(NamedTuple):
    """A kind of deed: how often, from when to when after the order was placed, and what it is."""

    rate: float
    from_s: int
    to_s: int
    made: Made
