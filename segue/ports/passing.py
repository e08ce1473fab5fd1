"""What passes through the ports: persons, answers, messages."""

from typing import Any

from segue.core.base import Value

PERSON = "person:"  # before a person's id, where a message waits for any order of that person
TRIED_AGAIN = " (tried again by "  # from here on the reason of a message says who had it tried again; it stays


class PortFailed(Exception):
    """The world did not answer, or not in time. What became of the request is unknown."""


class Person(Value):
    """A customer's personal data: the only place where it is. Erased as one."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    ship_to: dict[str, str] = {}  # name, company, street, street2, city, postcode, region, country
    bill_to: dict[str, str] = {}


class Answer(Value):
    """What a provider answered. `outcome` is `done` or `declined`; for screenings accepted, review, rejected, pending."""

    outcome: str
    reference: str = ""  # the provider's own id
    amount_minor: int = 0
    currency: str = ""
    detail: str = ""  # why it was declined; of a capture `expired` where the authorization is over
    capture_before_s: int | None = None  # of an authorization: the provider's own deadline


class Inbound(Value):
    """A message from outside: kept once per (source, id), then handled once."""

    source: str
    id: str
    kind: str  # order, cancellation, or the name of the command that it asks for
    body: dict[str, Any]
    order: str = ""
    due_at_s: int = 0
