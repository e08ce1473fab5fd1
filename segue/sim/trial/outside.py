"""The outside of a trial: how the simulated world behaves in it, what goes wrong, and its clock."""

from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.behavior import (
    Behavior,
    CarrierBehavior,
    FraudBehavior,
    GatewayBehavior,
    MailerBehavior,
    WarehouseBehavior,
)
from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.faults import RandomPlan, Rates
from segue.connectors.simulated.world import World
from segue.sim.trial.goods import LOCATIONS
from segue.sim.trial.setting import HOUR_S, START_S, Setting

TICKS_S = (600, *(HOUR_S * hours for hours in (1, 2, 4, 6, 6, 8, 8, 12)))  # that a clock may jump by

BEHAVIOR = Behavior(
    gateway=GatewayBehavior(decline_rate=0.06, capture_decline_rate=0.03, refund_decline_rate=0.05, key_hours=None),
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
    "source": Rates(lost_before=0.01, lost_after=0.01, dead=0.005),
}  # fmt: skip


class JumpingClock(VirtualClock):
    """A virtual clock that somebody may set, forward or back."""

    def set_by(self, seconds: int) -> None:
        """The clock is set by so much."""
        self._now_s += seconds


def clock_of(setting: Setting) -> JumpingClock:
    """The clock of a trial: fine or coarse, by its seed."""
    return JumpingClock(START_S, TICKS_S[Chance(setting.seed).whole("tick", "", 0, len(TICKS_S) - 1)])


def world_of(setting: Setting, clock: JumpingClock) -> World:
    """The world of a trial."""
    plan = RandomPlan(setting.seed, RATES, setting.without)
    stores = [id for id in LOCATIONS if id in ("BER", "MUC")]
    return World(setting.seed, BEHAVIOR, clock=clock, stores=stores, plan=plan)
