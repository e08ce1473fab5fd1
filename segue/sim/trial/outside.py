"""The outside of a trial: how the simulated world behaves in it, what goes wrong, and its clock.

What goes wrong is a profile. `usual`: a little of everything. `payments`: of all calls of the gateway a fifth is lost,
late or doubled, half of them after it acted; it declines more, it forgets keys, or knows none at all, and retries wait
for hours, until the keys are forgotten.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.behavior import (
    Behavior,
    CarrierBehavior,
    FraudBehavior,
    GatewayBehavior,
    MailerBehavior,
    MethodRules,
    WarehouseBehavior,
)
from segue.connectors.simulated.by_chance import RandomPlan, Rates
from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.world import World
from segue.sim.trial.goods import LOCATIONS
from segue.sim.trial.setting import HOUR_S, START_S, Setting

TICKS_S = (600, *(HOUR_S * hours for hours in (1, 2, 4, 6, 6, 8, 8, 12)))  # that a clock may jump by

YEAR_HOURS = 24 * 365
# How long an authorization of a card holds: as the shop's table says, or shorter; or the gateway itself says it.
AUTHORIZATIONS = ((7 * 24, False), (7 * 24, False), (4 * 24, False), (30, True))

BEHAVIOR = Behavior(
    gateway=GatewayBehavior(
        decline_rate=0.06,
        capture_decline_rate=0.03,
        refund_decline_rate=0.05,
        key_hours=None,
        reauthorization_decline_rate=0.3,
        methods={
            "card": MethodRules(void_part=False),
            "debit": MethodRules("one", void_part=False),
            "wallet": MethodRules("one", void_part=False, authorization_hours=3 * 24, refund_hours=180 * 24),
            "pay_later": MethodRules(authorization_hours=28 * 24, refund_hours=180 * 24),
            "gift_card": MethodRules(authorization_hours=YEAR_HOURS),
        },
    ),
    fraud=FraudBehavior(
        review_rate=0.15, rejected_rate=0.08, pending_rate=0.4, pending_hours=(0.05, 3), silent_rate=0.2
    ),
    warehouse=WarehouseBehavior(ship_hours=(1, 30), short_pick_rate=0.06, reject_rate=0.03),
    store=WarehouseBehavior(ship_hours=(1, 12), short_pick_rate=0.12, reject_rate=0.12),
    carrier=CarrierBehavior(transit_days=(0.2, 5), lost_rate=0.03),
    mailer=MailerBehavior(),
)
MESSAGES = Rates(delayed=0.03, duplicated=0.05, reversed=0.03, never=0.01)
RATES = {
    "gateway": Rates(lost_before=0.03, lost_after=0.04, late=0.01, late_s=(100, 400), other_amount=0.008, dead=0.03),
    "fraud": Rates(lost_before=0.03, lost_after=0.05, late=0.01, late_s=(60, 400), dead=0.02, delayed=0.1, duplicated=0.1),
    "warehouse": Rates(
        lost_before=0.02, lost_after=0.03, late=0.005, late_s=(100, 300), declined=0.01, dead=0.02, delayed=0.03,
        duplicated=0.05, reversed=0.05, never=0.003,
    ),
    "carrier": Rates(
        lost_before=0.02, lost_after=0.02, declined=0.005, dead=0.02, delayed=0.03, duplicated=0.05, never=0.005
    ),
    "mailer": Rates(lost_before=0.01, lost_after=0.01, declined=0.003, dead=0.02),
    "channel": Rates(lost_before=0.01, lost_after=0.01, declined=0.005, dead=0.02),
    "issuer": Rates(lost_before=0.02, lost_after=0.03, declined=0.005, dead=0.02),
    "source": Rates(lost_before=0.01, lost_after=0.01, dead=0.005),
}  # fmt: skip


PAYMENTS = Rates(
    lost_before=0.07, held_up=0.03, lost_after=0.05, late=0.02, doubled=0.03, late_s=(1, 90), declined=0.02,
    other_amount=0.002, dead=0.02,
)  # fmt: skip
KEY_HOURS = (24.0, 0.5, 0.0)  # how long a gateway remembers a key; one of these for each shop
ATTEMPTS = (4, 4, 14)  # how often we try before nobody knows; 14 take some hours


class Profile(NamedTuple):
    """What goes wrong outside."""

    behavior: Behavior
    rates: Mapping[str, Rates]
    attempts: int  # that a call of the gateway is given


def profile_of(setting: Setting) -> Profile:
    """The profile of a trial."""
    return PROFILES[setting.faults](setting)


def _usual(setting: Setting) -> Profile:
    return Profile(replace(BEHAVIOR, gateway=_gateway(setting)), RATES, ATTEMPTS[0])


def _gateway(setting: Setting) -> GatewayBehavior:
    """A gateway whose authorizations last as long as the seed says."""
    drawn = Chance(setting.seed).whole("authorizations", "", 0, len(AUTHORIZATIONS) - 1)
    hours, says_so = AUTHORIZATIONS[drawn]
    return replace(BEHAVIOR.gateway, authorization_hours=hours, capture_before=says_so)


def _payments(setting: Setting) -> Profile:
    chance = Chance(setting.seed)
    key_hours = KEY_HOURS[chance.whole("keys", "", 0, len(KEY_HOURS) - 1)]
    gateway = replace(
        _gateway(setting), decline_rate=0.1, capture_decline_rate=0.05, refund_decline_rate=0.08, key_hours=key_hours
    )
    attempts = ATTEMPTS[chance.whole("attempts", "", 0, len(ATTEMPTS) - 1)]
    return Profile(replace(BEHAVIOR, gateway=gateway), RATES | {"gateway": PAYMENTS}, attempts)


PROFILES = {"usual": _usual, "payments": _payments}


class JumpingClock(VirtualClock):
    """A virtual clock that somebody may set, forward or back."""

    def set_by(self, seconds: int) -> None:
        """The clock is set by so much."""
        self._now_s += seconds


class ExactClock:
    """The same clock, for the world: who waits for a late answer waits to the second, and not for a whole tick."""

    def __init__(self, inner: JumpingClock) -> None:
        self._inner = inner

    def now_s(self) -> int:
        """What it shows now."""
        return self._inner.now_s()

    def sleep_until(self, instant_s: int) -> None:
        """Set it to that instant, unless that has passed."""
        self._inner.set_by(max(0, instant_s - self._inner.now_s()))


def clock_of(setting: Setting) -> JumpingClock:
    """The clock of a trial: fine or coarse, by its seed."""
    return JumpingClock(START_S, TICKS_S[Chance(setting.seed).whole("tick", "", 0, len(TICKS_S) - 1)])


def world_of(setting: Setting, clock: JumpingClock) -> World:
    """The world of a trial."""
    profile = profile_of(setting)
    plan = RandomPlan(setting.seed, profile.rates, setting.without)
    stores = [id for id in LOCATIONS if id in ("BER", "MUC")]
    return World(setting.seed, profile.behavior, clock=ExactClock(clock), stores=stores, plan=plan)
