"""Backtest: recorded orders again, with stock and capacity as they were at each instant.

`again` decides each past choice of locations anew, and compares: by the same rules it has to come to the same. `otherwise`
lets another strategy choose, with the stock that its own choices leave. `trials` adds up what strategies that were followed
side by side came to, by what is on record. Nothing of the shop is changed.
"""

from segue.engine.backtest.again import Compared, Progress, Replay, Unlike, backtested
from segue.engine.backtest.history import History, ShopEvent, Step, Unreadable
from segue.engine.backtest.outcome import Difference, Figures, Result, Sent
from segue.engine.backtest.trials import Followed, Shadowed, Sums, Tried, tried

__all__ = [
    "Compared", "Difference", "Figures", "Followed", "History", "Progress", "Replay", "Result", "Sent", "Shadowed",
    "ShopEvent", "Step", "Sums", "Tried", "Unlike", "Unreadable", "backtested", "tried",
]  # fmt: skip
