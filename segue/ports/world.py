"""The ports to the world: a connector implements one of them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from segue.core.rates import RateAnswer, RateRequest
from segue.core.taxes import TaxAnswer, TaxRequest
from segue.ports.passing import Answer, Inbound, Person


class Clock(Protocol):
    """What time it is. The only clock in Segue."""

    def now_s(self) -> int:
        """Seconds since 1970, UTC."""
        ...

    def sleep_until(self, instant_s: int) -> None:
        """Wait, or for a virtual clock: jump."""
        ...


class Gateway(Protocol):
    """A payment gateway. `key` is the idempotency key: the same key never acts twice. Amounts are minor units."""

    def authorize(
        self, key: str, reference: str, amount_minor: int, currency: str, method: str = "card", card: str = ""
    ) -> Answer:
        """Hold an amount on the customer's means of payment. `reference` is ours: order and tender; `card` the number of
        one of our own gift cards, given only where that pays.
        """
        ...

    def capture(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Take an amount of an authorization, named by the provider's id."""
        ...

    def void(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Let go of what an authorization still holds."""
        ...

    def refund(self, key: str, capture: str, amount_minor: int, currency: str) -> Answer:
        """Give back an amount of a capture, named by the provider's id."""
        ...

    def look_up(self, key: str) -> Answer | None:
        """What became of a request, or None if the provider never saw it."""
        ...


class Fraud(Protocol):
    """A fraud vendor."""

    def screen(self, key: str, order: dict[str, Any]) -> Answer:
        """Judge an order: accepted, review, rejected; or pending, and the verdict comes later as a message."""
        ...


class Warehouse(Protocol):
    """A warehouse or store system. It ships, short-picks and rejects by messages."""

    def release(self, key: str, fulfillment: dict[str, Any], person: Person | None) -> Answer:
        """Ask it to pick, pack and ship a fulfillment."""
        ...


class Carrier(Protocol):
    """A carrier. Delivery comes as a message."""

    def track(self, key: str, shipment: dict[str, Any]) -> Answer:
        """Ask to be told when a shipment is delivered."""
        ...


class Mailer(Protocol):
    """Sends messages to customers."""

    def send(self, key: str, message: dict[str, Any], person: Person | None) -> Answer:
        """Send one message. The same key is never sent twice."""
        ...


class Channel(Protocol):
    """A sales channel, as the place that is told what became of its orders."""

    def tell(self, key: str, update: dict[str, Any]) -> Answer:
        """Tell the channel of a shipment, a cancellation or a refund."""
        ...


class Issuer(Protocol):
    """Whoever makes codes: gift cards, license keys, links."""

    def issue(self, key: str, goods: dict[str, Any]) -> Answer:
        """Make a code for each unit of {"order", "issue", "currency", "lines"}. The same key never makes others."""
        ...

    def codes(self, reference: str, names: Sequence[str]) -> Sequence[str]:
        """The codes that were made, by the issuer's own id, each named by line and unit: `2.1`. Raises PortFailed."""
        ...

    def take_back(self, key: str, reference: str, name: str) -> Answer:
        """Make a code worthless. `amount_minor` is what was left on it; or declined: it stays as it is."""
        ...


class Taxes(Protocol):
    """Whoever knows the taxes: a table of rates, or a vendor. Asked while an order is decided, so it should be quick."""

    def quote(self, request: TaxRequest) -> TaxAnswer:
        """The taxes on this, to the cent. The same request is answered in the same way."""
        ...


class CarrierRates(Protocol):
    """Carriers that say what parcels cost. Asked while an order is decided, so whoever has no answer in seconds raises."""

    def rate(self, carrier: str, requests: Sequence[RateRequest]) -> Sequence[RateAnswer]:
        """What one carrier takes for each of these parcels, in the shop's currency. Raises PortFailed."""
        ...


class Source(Protocol):
    """Whatever has messages for us: a warehouse, a carrier, a fraud vendor."""

    def collect(self, now_s: int, limit: int) -> Sequence[Inbound]:
        """The messages that are due and not yet settled, oldest first. Asked again, it gives the same ones."""
        ...

    def settle(self, messages: Iterable[Inbound]) -> None:
        """These are safely stored here: do not send them again."""
        ...

    def next_at_s(self) -> int | None:
        """When the next message is due, if that can be known: a virtual clock jumps there."""
        ...
