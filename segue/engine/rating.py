"""Rating: carriers are asked what parcels cost, while an order is decided. Who does not answer is left alone for a while."""

from collections.abc import Sequence

from msgspec import json

from segue.core.rates import RateAnswer, RateRequest
from segue.ports import CarrierRates, PortFailed

REQUEST = json.Decoder(RateRequest)
LEFT_ALONE_S = 60  # how long a carrier that did not answer is not asked again, so that no order waits for it
KEPT_S = 3_600  # how long an answer counts
KEPT_MAX = 20_000  # answers; then all are asked for anew
PRICE_MAX = 100_000_000  # minor units of a parcel


class NoCarriers:
    """Where no carrier is plugged in, none says what a parcel costs."""

    def rate(self, carrier: str, requests: Sequence[RateRequest]) -> Sequence[RateAnswer]:
        """Nothing answers."""
        raise PortFailed("no carrier is plugged in")


class Rating:
    """What carriers have said, and who of them is silent."""

    def __init__(self, port: CarrierRates) -> None:
        self.port = port
        self.silent: dict[str, tuple[int, str]] = {}  # carrier -> until when, and why
        self.known: dict[str, tuple[int, RateAnswer]] = {}  # request -> until when, and the answer

    def answers(self, keys: frozenset[str], now_s: int) -> dict[str, RateAnswer]:
        """An answer to each request; one without a price, and why, where the carrier does not give any."""
        found: dict[str, RateAnswer] = {}
        wanted: dict[str, list[str]] = {}
        for key in sorted(keys):
            until_s, answer = self.known.get(key, (0, RateAnswer()))
            if now_s < until_s:
                found[key] = answer
            else:
                wanted.setdefault(REQUEST.decode(key).carrier, []).append(key)
        for carrier, requests in wanted.items():
            found |= self._asked(carrier, requests, now_s)
        return found

    def _asked(self, carrier: str, keys: list[str], now_s: int) -> dict[str, RateAnswer]:
        until_s, why = self.silent.get(carrier, (0, ""))
        if until_s <= now_s:
            try:
                answers = self.port.rate(carrier, [REQUEST.decode(key) for key in keys])
                return self._kept(dict(zip(keys, _sensible(answers, len(keys)), strict=True)), now_s)
            except PortFailed as error:
                why = str(error)
                self.silent[carrier] = (now_s + LEFT_ALONE_S, why)
        return dict.fromkeys(keys, RateAnswer(silent=why))

    def _kept(self, answers: dict[str, RateAnswer], now_s: int) -> dict[str, RateAnswer]:
        if len(self.known) + len(answers) > KEPT_MAX:
            self.known.clear()
        self.known |= {key: (now_s + KEPT_S, answer) for key, answer in answers.items()}
        return answers


def _sensible(answers: Sequence[RateAnswer], count: int) -> Sequence[RateAnswer]:
    """These answers. Raises PortFailed if they cannot be meant."""
    if len(answers) != count:
        raise PortFailed(f"answered {len(answers)} of {count} questions")
    for answer in answers:
        if answer.silent or not (answer.price_minor is None or 0 <= answer.price_minor <= PRICE_MAX):
            raise PortFailed(f"answered a price of {answer.price_minor}")
    return answers
