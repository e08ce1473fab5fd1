"""The setting of a trial: all that decides what happens in it. The same setting, the same bytes."""

from segue.core.base import Value

START_S = 1_772_323_200  # 2026-03-01T00:00:00Z
DAY_S = 86_400
HOUR_S = 3600
ORDERS_OVER_S = DAY_S // 2  # orders come in within so long
ENDS_AFTER_S = 75 * DAY_S  # what has not come to rest by then is not waited for


class Setting(Value):
    """One seed, and what of it is to be tried."""

    seed: int
    orders: int
    workers: int = 2
    only: tuple[int, ...] = ()  # the numbers of the orders that come in; none named: all
    without: frozenset[str] = frozenset()  # names of faults, deeds and deaths that do not happen
    defect: str = ""  # a defect of the product that is put in on purpose
    faults: str = "usual"  # the profile of what goes wrong outside, one of outside.PROFILES

    @property
    def numbers(self) -> tuple[int, ...]:
        """The orders that come in."""
        return self.only or tuple(range(1, self.orders + 1))
