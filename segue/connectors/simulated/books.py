"""The gateway's own books: authorizations, captures and what may still be done with them."""

from collections.abc import Callable

from msgspec.structs import replace

from segue.connectors.simulated.behavior import GatewayBehavior, MethodRules
from segue.connectors.simulated.cards import Cards
from segue.connectors.simulated.journal import Operation, Request
from segue.core.amounts import CURRENCIES
from segue.core.base import Value

HOUR_S = 3600
USUAL = MethodRules()


class LedgerRow(Value):
    """Something that really happened to money at the gateway."""

    key: str
    operation: str  # authorize, capture, void, refund; adopt: made by a channel, not by us
    amount_minor: int
    currency: str
    reference: str  # ours: what the authorization was asked for
    authorization: str
    id: str  # the gateway's own, of this operation
    at_s: int


class Authorization(Value):
    """An amount held, and what became of it."""

    id: str
    reference: str
    amount_minor: int
    currency: str
    at_s: int
    captured_minor: int = 0
    voided_minor: int = 0
    refunded_minor: int = 0
    method: str = ""
    is_used_up: bool = False  # by the only capture that its method allows
    card: str = ""  # the number of the gift card that it is held on

    @property
    def held_minor(self) -> int:
        """What can still be captured or voided."""
        return 0 if self.is_used_up else self.amount_minor - self.captured_minor - self.voided_minor


class Captured(Value):
    """An amount taken, and how much of it was given back."""

    id: str
    authorization: str
    amount_minor: int
    refunded_minor: int = 0
    at_s: int = 0


class Books:
    """Strict: what is not there cannot be taken, and what was not taken cannot be given back."""

    def __init__(self, behavior: GatewayBehavior, cards: Cards | None = None) -> None:
        self.cards = cards or Cards()
        self.authorizations: dict[str, Authorization] = {}
        self.captures: dict[str, Captured] = {}
        self.rows: list[LedgerRow] = []
        self._of_reference: dict[str, list[str]] = {}
        self._on_card: dict[str, list[str]] = {}  # authorizations by gift card
        self._hours = behavior.authorization_hours
        self._methods = behavior.methods

    def objection(self, request: Request, now_s: int) -> str:
        """Why a request is impossible, or nothing."""
        if request.amount_minor <= 0:
            return "amount_not_positive"
        return OBJECTIONS[request.operation](self, request, now_s)

    def enter(self, operation: Operation) -> None:
        """Book an operation that was done."""
        authorization = ENTRIES[operation.request.operation](self, operation)
        if authorization.id not in self.authorizations:
            self._of_reference.setdefault(authorization.reference, []).append(authorization.id)
            if authorization.card:
                self._on_card.setdefault(authorization.card, []).append(authorization.id)
        self.authorizations[authorization.id] = authorization
        request = operation.request
        self.rows.append(
            LedgerRow(
                operation.key, request.operation, request.amount_minor, request.currency,
                authorization.reference, authorization.id, operation.answer.reference, operation.at_s,
            )
        )  # fmt: skip

    def reference_of(self, request: Request) -> str:
        """Our own reference of what a request is about: order and tender; nothing if no such authorization is known."""
        if request.operation in ("authorize", "adopt"):
            return request.subject
        capture = self.captures.get(request.subject)
        authorization = self.authorizations.get(capture.authorization if capture else request.subject)
        return authorization.reference if authorization else ""

    def rules_of(self, authorization: Authorization) -> MethodRules:
        """What can be done with it, by its method."""
        return self._methods.get(authorization.method, USUAL)

    def expires_at_s(self, method: str, at_s: int) -> int | None:
        """When an authorization of this method expires that is made then; None if it never does."""
        own = self._methods.get(method, USUAL).authorization_hours
        hours = self._hours if own is None else own
        return None if hours is None else at_s + int(hours * HOUR_S)

    def expired(self, authorization: Authorization, now_s: int) -> bool:
        """Whether an authorization can no longer be captured because it is too old."""
        expires_at_s = self.expires_at_s(authorization.method, authorization.at_s)
        return expires_at_s is not None and expires_at_s <= now_s

    def spent_on(self, card: str, now_s: int) -> tuple[int, int]:
        """What was captured on a gift card and not given back, and what is held on it."""
        known = [self.authorizations[id] for id in self._on_card.get(card, ())]
        spent = sum(each.captured_minor - each.refunded_minor for each in known)
        return spent, sum(each.held_minor for each in known if not self.expired(each, now_s))

    def is_held_already(self, reference: str, now_s: int) -> bool:
        """Whether an earlier authorization of the same order and tender still holds something."""
        known = [self.authorizations[id] for id in self._of_reference.get(reference, ())]
        return any(each.held_minor > 0 and not self.expired(each, now_s) for each in known)


def _objection_to_authorize(books: Books, request: Request, now_s: int) -> str:
    if request.currency not in CURRENCIES:
        return "unknown_currency"
    if not request.card:
        return ""
    spent = sum(books.spent_on(request.card, now_s))
    return books.cards.objection(request.card, request.amount_minor, request.currency, spent)


def _objection_to_capture(books: Books, request: Request, now_s: int) -> str:
    authorization = books.authorizations.get(request.subject)
    if authorization is None:
        return "unknown_authorization"
    if request.currency != authorization.currency:
        return "currency_differs"
    if authorization.is_used_up:
        return "captured_once"
    if authorization.held_minor == 0 and authorization.voided_minor:
        return "voided"
    if books.expired(authorization, now_s):
        return "expired"
    return "over_capture" if request.amount_minor > authorization.held_minor else ""


def _objection_to_void(books: Books, request: Request, _now_s: int) -> str:
    authorization = books.authorizations.get(request.subject)
    if authorization is None:
        return "unknown_authorization"
    if request.currency != authorization.currency:
        return "currency_differs"
    if request.amount_minor < authorization.held_minor and not books.rules_of(authorization).void_part:
        return "void_in_part"
    return "over_void" if request.amount_minor > authorization.held_minor else ""


def _objection_to_refund(books: Books, request: Request, now_s: int) -> str:
    capture = books.captures.get(request.subject)
    if capture is None:
        return "unknown_capture"
    if request.currency != books.authorizations[capture.authorization].currency:
        return "currency_differs"
    hours = books.rules_of(books.authorizations[capture.authorization]).refund_hours
    if hours is not None and capture.at_s + hours * HOUR_S <= now_s:
        return "refund_too_late"
    card = books.cards.known.get(books.authorizations[capture.authorization].card)
    if card is not None and card.closed:
        return "card_closed"
    return "over_refund" if request.amount_minor > capture.amount_minor - capture.refunded_minor else ""


def _authorize(_books: Books, operation: Operation) -> Authorization:
    request = operation.request
    return Authorization(
        operation.answer.reference, request.subject, request.amount_minor, request.currency, operation.at_s,
        method=request.method, card=request.card,
    )  # fmt: skip


def _capture(books: Books, operation: Operation) -> Authorization:
    request, id = operation.request, operation.answer.reference
    books.captures[id] = Captured(id, request.subject, request.amount_minor, at_s=operation.at_s)
    before = books.authorizations[request.subject]
    is_used_up = books.rules_of(before).captures == "one"
    return replace(before, captured_minor=before.captured_minor + request.amount_minor, is_used_up=is_used_up)


def _void(books: Books, operation: Operation) -> Authorization:
    before = books.authorizations[operation.request.subject]
    return replace(before, voided_minor=before.voided_minor + operation.request.amount_minor)


def _refund(books: Books, operation: Operation) -> Authorization:
    amount_minor, capture = operation.request.amount_minor, books.captures[operation.request.subject]
    books.captures[capture.id] = replace(capture, refunded_minor=capture.refunded_minor + amount_minor)
    before = books.authorizations[capture.authorization]
    return replace(before, refunded_minor=before.refunded_minor + amount_minor)


OBJECTIONS: dict[str, Callable[[Books, Request, int], str]] = {
    "adopt": _objection_to_authorize,
    "authorize": _objection_to_authorize,
    "capture": _objection_to_capture,
    "void": _objection_to_void,
    "refund": _objection_to_refund,
}
ENTRIES: dict[str, Callable[[Books, Operation], Authorization]] = {
    "adopt": _authorize,
    "authorize": _authorize,
    "capture": _capture,
    "void": _void,
    "refund": _refund,
}
