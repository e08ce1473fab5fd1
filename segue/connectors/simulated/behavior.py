"""Behavior: how well the simulated world works. Rates are shares of 1; ranges are (least, most)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from segue.core.base import Value

Share = Annotated[float, Meta(ge=0, le=1)]
Range = tuple[float, float]


class PortBehavior(Value):
    """What can go wrong with any system: slow answers, lost answers, messages that come twice."""

    latency_s: Range = (0, 0)
    lost_before_rate: Share = 0  # the request never arrived
    lost_after_rate: Share = 0  # it was acted on, and the answer never arrived
    duplicate_rate: Share = 0  # of messages that come a second time, up to two hours later


class MethodRules(Value):
    """What the gateway can do with one means of payment."""

    captures: Literal["many", "one"] = "many"  # with the one the rest of an authorization is gone
    void_part: bool = True  # or only all that an authorization still holds
    authorization_hours: float | None = None  # instead of the gateway's own
    refund_hours: float | None = None  # after a capture: how long it can be given back; null: for ever


class GatewayBehavior(PortBehavior):
    """How the payment gateway behaves."""

    decline_rate: Share = 0  # of authorizations; half of them for good, half only under this key
    capture_decline_rate: Share = 0
    refund_decline_rate: Share = 0
    key_hours: float | None = 24  # how long an idempotency key is remembered; 0: not at all, null: for ever
    authorization_hours: float | None = None  # when an authorization expires; null: never
    capture_before: bool = False  # whether it says when an authorization will expire
    reauthorization_decline_rate: Share = (
        0  # of authorizations asked for where one of the same tender still holds something
    )
    methods: dict[str, MethodRules] = field(default_factory=dict)  # by method, where it is not like all others


class FraudBehavior(PortBehavior):
    """How the fraud vendor judges. What is not in one of the shares is accepted."""

    review_rate: Share = 0
    rejected_rate: Share = 0
    pending_rate: Share = 0  # of orders whose verdict comes later, as a message
    pending_hours: Range = (0.1, 6)
    silent_rate: Share = 0  # of pending verdicts that never come


class WarehouseBehavior(PortBehavior):
    """How a location works off what is released to it."""

    ship_hours: Range = (2, 30)  # from release to shipment
    short_pick_rate: Share = 0  # of fulfillments in which units of one line are missing
    reject_rate: Share = 0


class CarrierBehavior(PortBehavior):
    """How the carrier delivers."""

    transit_days: Range = (1, 5)
    lost_rate: Share = 0  # of parcels that never arrive
    rate_minor: int = 480  # what it takes for a parcel, if it is asked
    rate_per_kg_minor: int = 70
    rate_spread: Share = 0.2  # by how much lanes differ
    refused_from_kg: float = 30  # heavier parcels it does not take


class MailerBehavior(PortBehavior):
    """How messages to customers are sent."""

    sender_name: str = "Segue Demo Shop"
    sender: str = "shop@example.com"


class ChannelBehavior(PortBehavior):
    """How the sales channel takes updates."""


class IssuerBehavior(PortBehavior):
    """How the issuer of codes works."""

    decline_rate: Share = 0  # of requests for codes: it has none left


class Behavior(Value):
    """How the whole world behaves. As it stands: well, with a little of everything that goes wrong in a real one."""

    gateway: GatewayBehavior = GatewayBehavior(decline_rate=0.03, lost_before_rate=0.002, lost_after_rate=0.002)
    fraud: FraudBehavior = FraudBehavior(review_rate=0.03, rejected_rate=0.01, pending_rate=0.05)
    warehouse: WarehouseBehavior = WarehouseBehavior(short_pick_rate=0.01, reject_rate=0.002, duplicate_rate=0.01)
    store: WarehouseBehavior = WarehouseBehavior(
        ship_hours=(1, 12), short_pick_rate=0.04, reject_rate=0.06, duplicate_rate=0.01
    )
    locations: dict[str, WarehouseBehavior] = field(
        default_factory=dict
    )  # by location id, where one is unlike the others
    carrier: CarrierBehavior = CarrierBehavior(lost_rate=0.001, duplicate_rate=0.01)
    mailer: MailerBehavior = MailerBehavior()
    channel: ChannelBehavior = ChannelBehavior()
    issuer: IssuerBehavior = IssuerBehavior()
    pace: Annotated[float, Meta(gt=0)] = 1.0  # how long picking, transit and the like take: 0.001 makes an hour 3.6 s


LIFELIKE = Behavior()
CALM = Behavior(
    gateway=GatewayBehavior(),
    fraud=FraudBehavior(),
    warehouse=WarehouseBehavior(),
    store=WarehouseBehavior(),
    carrier=CarrierBehavior(),
)
