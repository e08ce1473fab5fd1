"""Backtest: recorded orders again, with stock and capacity as they were at each instant.

`again` decides each past choice of locations anew, and compares: by the same rules it has to come to the same. `otherwise`
lets another strategy choose, with the stock that its own choices leave. Nothing of the shop is changed.
"""

from segue.engine.backtest.again import Compared, Progress, Replay, Unlike, backtested
from segue.engine.backtest.history import History, ShopEvent, Step, Unreadable
from segue.engine.backtest.outcome import Difference, Figures, Result, Sent

__all__ = [
    "Compared", "Difference", "Figures", "History", "Progress", "Replay", "Result", "Sent", "ShopEvent", "Step", "Unlike",
    "Unreadable", "backtested",
]  # fmt: skip
