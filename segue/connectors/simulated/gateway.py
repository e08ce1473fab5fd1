"""A payment gateway that keeps strict books, remembers idempotency keys for a while, and loses some of its answers."""

from collections import deque

from segue.connectors.simulated.behavior import GatewayBehavior
from segue.connectors.simulated.books import Books, LedgerRow
from segue.connectors.simulated.cards import Cards
from segue.connectors.simulated.desk import HOUR_S, Desk, Faults
from segue.connectors.simulated.journal import Operation, Request
from segue.ports import Answer, PortFailed

CALLS_MAX = 1_000_000  # how many calls the log keeps, the latest
PREFIXES = {"authorize": "auth", "capture": "cap", "void": "void", "refund": "ref"}


class SimulatedGateway:
    """The gateway. Amounts are minor units, and a decline says why in `detail`.

    card_declined, insufficient_funds, capture_declined, refund_declined; amount_not_positive, unknown_currency,
    unknown_authorization, currency_differs, voided, expired, captured_once, over_capture, over_void, void_in_part,
    unknown_capture, over_refund, refund_too_late; unknown_card, card_closed; and key_reused if a key
    comes back with another request.
    """

    def __init__(self, desk: Desk, behavior: GatewayBehavior, cards: Cards | None = None) -> None:
        self._desk = desk
        self._behavior = behavior
        self._faults = Faults(desk, "gateway", behavior)
        self._books = Books(behavior, cards)
        self._operations: dict[str, Operation] = {}
        self._about: dict[str, str] = {}  # key -> the order that its request is about
        self._held_up: list[tuple[int, str, Request]] = []  # requests that arrive later: when, under which key
        self.calls: deque[tuple[str, str, str]] = deque(maxlen=CALLS_MAX)  # operation, key, outcome

    def authorize(
        self, key: str, reference: str, amount_minor: int, currency: str, method: str = "card", card: str = ""
    ) -> Answer:
        """Hold an amount. `reference` is ours: order and tender; `card` the number of a gift card that the shop has sold."""
        return self._ask(key, Request("authorize", reference, amount_minor, currency, method, card))

    def spent_on(self, card: str) -> tuple[int, int]:
        """What was spent of a gift card that the shop has sold, less what came back; and what is held of it."""
        with self._desk.lock:
            return self._books.spent_on(card, self._desk.clock.now_s())

    def capture(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Take an amount of an authorization, in as many parts as its method allows."""
        return self._ask(key, Request("capture", authorization, amount_minor, currency))

    def void(self, key: str, authorization: str, amount_minor: int, currency: str) -> Answer:
        """Let go of an amount that an authorization still holds, of all of it, or of a part where its method allows it."""
        return self._ask(key, Request("void", authorization, amount_minor, currency))

    def refund(self, key: str, capture: str, amount_minor: int, currency: str) -> Answer:
        """Give back an amount of a capture, in as many parts as one likes."""
        return self._ask(key, Request("refund", capture, amount_minor, currency))

    def adopt(
        self, authorization: str, reference: str, amount_minor: int, currency: str, method: str = "card"
    ) -> Answer:
        """Know an authorization that a channel's checkout made here, by the id that the channel tells us.

        It happened before us, so no fault is met.
        """
        key, request = f"adopt {authorization}", Request("adopt", reference, amount_minor, currency, method)
        with self._desk.lock:
            return self._answered(key, request, self._desk.clock.now_s())

    def look_up(self, key: str) -> Answer | None:
        """What became of a request, however long ago, or None if it never arrived."""
        fault = self._faults.meet(key, "look_up", self._about.get(key, ""))
        with self._desk.lock:
            self._let_in()
        operation = self._operations.get(key)
        self.calls.append(("look_up", key, operation.answer.outcome if operation else ""))
        self._faults.leave(fault)
        return fault.heard(operation.answer) if operation else None

    def ledger(self) -> tuple[LedgerRow, ...]:
        """What really happened here, in this order: for the comparison with our own ledger, one to one."""
        with self._desk.lock:
            self._let_in()
        return tuple(self._books.rows)

    def forgets(self, key: str) -> bool:
        """Whether it has done something under this key, and would do it once more by now."""
        operation = self._operations.get(key)
        return operation is not None and self._forgotten(operation, self._desk.clock.now_s())

    def restore(self, operation: Operation) -> None:
        """Remember an operation: of now, or of a process that is gone."""
        self._operations[operation.key] = operation
        if operation.answer.outcome == "done":
            self._books.enter(operation)

    def _ask(self, key: str, request: Request) -> Answer:
        """The one road in: meet the faults, answer from memory or act."""
        order = self._about[key] = self._books.reference_of(request).rpartition("/")[0]
        fault = self._faults.meet(key, request.operation, order)
        with self._desk.lock:
            now_s = self._let_in()
            if fault.what == "held_up":
                self._held_up.append((now_s + fault.late_s, key, request))
                raise PortFailed("gateway: no answer in time")
            answer = self._answered(key, request, now_s, fault.decided())
            if fault.what == "doubled" and self.has_keys:
                answer = self._answered(key, request, now_s)
        self._faults.leave(fault)
        return fault.heard(answer)

    def _answered(self, key: str, request: Request, at_s: int, decided: Answer | None = None) -> Answer:
        answer = self._remembered(key, request, at_s) or self._act(key, request, at_s, decided)
        self.calls.append((request.operation, key, answer.outcome))
        return answer

    def _let_in(self) -> int:
        """The time; what was held up has arrived by then, each request at its own time.

        Without keys none arrives: nobody could tell it from the one that was sent again.
        """
        now_s = self._desk.clock.now_s()
        due = sorted((each for each in self._held_up if each[0] <= now_s), key=lambda each: each[:2])
        self._held_up = [each for each in self._held_up if each[0] > now_s]
        for at_s, key, request in due if self.has_keys else ():
            self._answered(key, request, at_s)
        return now_s

    @property
    def has_keys(self) -> bool:
        """Whether it remembers keys at all."""
        return self._behavior.key_hours != 0

    def _remembered(self, key: str, request: Request, at_s: int) -> Answer | None:
        """The answer that this key was given before, as long as the key is remembered."""
        operation = self._operations.get(key)
        if operation is None or self._forgotten(operation, at_s):
            return None
        return operation.answer if operation.request == request else Answer("declined", detail="key_reused")

    def _forgotten(self, operation: Operation, at_s: int) -> bool:
        hours = None if operation.request.operation == "adopt" else self._behavior.key_hours
        return hours is not None and operation.at_s + hours * HOUR_S <= at_s

    def _act(self, key: str, request: Request, at_s: int, decided: Answer | None) -> Answer:
        """Do what is asked, or decline. It is in the journal before anybody hears of it."""
        reason = self._books.objection(request, at_s) or self._unwilling(key, request)
        answer = Answer("declined", detail=reason) if reason else decided or self._done(key, request, at_s)
        operation = Operation(key, at_s, request, answer)
        self._desk.journal.append(operation)
        self.restore(operation)
        return answer

    def _done(self, key: str, request: Request, at_s: int) -> Answer:
        ends_at_s = None
        if request.operation == "authorize" and self._behavior.capture_before:
            ends_at_s = self._books.expires_at_s(request.method, at_s)
        return Answer(
            "done", self._new_id(key, request.operation), request.amount_minor, request.currency, "", ends_at_s
        )

    def _new_id(self, key: str, operation: str) -> str:
        """An id made from the key; from key and number if the gateway acts again because it forgot the key."""
        if operation == "adopt":
            return key.removeprefix("adopt ")
        before = self._operations.get(key)
        id = f"{PREFIXES[operation]}_{self._desk.chance.token('id', key)}"
        if before is None or not before.answer.reference:
            return id
        return f"{id}-{sum(row.key == key for row in self._books.rows) + 1}"

    def _unwilling(self, key: str, request: Request) -> str:
        """Whether the customer's bank says no. Half of the refused cards are refused for good, half only this time."""
        chance, behavior = self._desk.chance, self._behavior
        match request.operation:
            case "authorize" if chance.happens("card", request.subject, behavior.decline_rate / 2):
                return "card_declined"
            case "authorize" if chance.happens("funds", key, behavior.decline_rate / 2):
                return "insufficient_funds"
            case "authorize" if self._will_not_again(key, request):
                return "reauthorization_declined"
            case "capture" if chance.happens("capture", key, behavior.capture_decline_rate):
                return "capture_declined"
            case "refund" if chance.happens("refund", key, behavior.refund_decline_rate):
                return "refund_declined"
        return ""

    def _will_not_again(self, key: str, request: Request) -> bool:
        """Whether the bank will not hold an amount once more that it holds already."""
        rate, now_s = self._behavior.reauthorization_decline_rate, self._desk.clock.now_s()
        return (
            rate > 0
            and self._desk.chance.happens("again", key, rate)
            and self._books.is_held_already(request.subject, now_s)
        )
